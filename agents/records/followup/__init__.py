"""What to check, by when and why: reminders, a calendar file, words for the patient."""
