"""Questions as versioned data: sets, their wording, what they are asked for and who reads them."""
