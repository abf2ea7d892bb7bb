"""Which of the first candidates is best, and does it answer at all?"""
