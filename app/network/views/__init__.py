"""Pages of the network: cities."""
