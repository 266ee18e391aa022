"""A public plan as an exchange file of the International Aid Transparency Initiative, 2.03."""
