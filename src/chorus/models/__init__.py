"""The shipped heads as data: weights, thresholds, cards, and the concepts they share."""
