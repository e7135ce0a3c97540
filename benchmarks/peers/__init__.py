"""Public readers of SES text, each called as its own documentation says, and what they make of a file."""
