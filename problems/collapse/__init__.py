"""Self-gravitating gas: growth and collapse."""
