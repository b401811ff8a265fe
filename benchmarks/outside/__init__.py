"""Instances that nobody in this project wrote, through the same interfaces."""
