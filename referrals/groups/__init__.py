"""Groups: one timetable for several people, and attendance for all of them on one screen."""
