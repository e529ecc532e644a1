"""The guide in the customer's own product: what is shown where, to whom, and what came of it."""
