"""How the service is brought up."""
