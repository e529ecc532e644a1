"""What the pages of assets show."""
