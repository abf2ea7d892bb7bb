"""Which updates are whose, in what order, and how does what we say go out?"""
