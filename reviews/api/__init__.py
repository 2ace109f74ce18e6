"""What other systems put before the partners and send of rapid reviews."""
