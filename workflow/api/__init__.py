"""What other systems are answered, who they are, and how they are refused."""
