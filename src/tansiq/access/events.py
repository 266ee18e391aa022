from django.dispatch import Signal

# Sent inside the transaction in which places were put under other parents, once the links to
# everything above them are right again. Carries `place_ids`: the places moved and all below
# them. Who keeps sums over places adds them up anew.
places_moved = Signal()

# Sent inside the transaction in which a thing was marked anew. Carries `thing`. Who keeps
# something that RED must not be in takes it out.
marking_changed = Signal()

# Sent inside the transaction in which a person leaves for good, while the name and addresses are
# still there. Carries `person`. Who keeps something that names them deletes it.
person_leaves = Signal()
