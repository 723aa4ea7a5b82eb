"""What a lot asks for besides answers: documents, certificates, statements to confirm."""
