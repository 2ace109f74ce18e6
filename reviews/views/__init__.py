"""The pages of the rapid review and of the Panel's answer."""
