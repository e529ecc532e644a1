"""Mail to people of customers, each once; what is posted to the workspace's own address."""
