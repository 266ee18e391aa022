"""How the files of places that ship with Tansiq are made from public packages."""
