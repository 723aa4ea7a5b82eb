"""Who pays for a lot: funders and their shares, co-signatures, funds, and grant or contract.

`lots.funding.pages` adds the room to the application; it stands apart because the steps of a lot
ask this room, and its pages ask theirs.
"""
