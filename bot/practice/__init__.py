"""What is due when: drills, reminders, plans, the review schedule. Pure: time is an argument."""
