"""What speaks for a candidate beside its score?"""
