"""What a local authority tells the Panel about a serious incident."""
