"""Where: probation regions, police and crime areas, delivery units, probation offices."""
