"""What the desk's pages show: one frozen dataclass each."""
