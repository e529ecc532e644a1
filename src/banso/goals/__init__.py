"""What a party wants to achieve, how far, and how far from it we are."""
