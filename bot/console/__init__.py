"""How does an answer look on a terminal, and what must not get there?"""
