"""From labelled posts to heads: gathering, fitting, adapting to an incident, evaluating."""
