"""What came back on a finding's own input and on others, and when an explanation is believed."""
