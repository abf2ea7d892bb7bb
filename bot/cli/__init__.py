"""What can be typed, and what does it do?"""
