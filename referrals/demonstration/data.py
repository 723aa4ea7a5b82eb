"""The demonstration's referrals: invented people, and how far each one's case has come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from referrals.codes import Priority


class Tells(StrEnum):
    """The point a case has reached today."""

    SENT = "sent"
    QUERY = "query"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    CONCLUDING = "concluding"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"


@dataclass(frozen=True)
class Cases:
    """The cases of one service in one area: (how far, sent so many days ago).

    Where more are sent than there are places, the last ones wait.
    """

    lot: str
    area: str
    told: tuple[tuple[Tells, int], ...]


S, Q, D, W = Tells.SENT, Tells.QUERY, Tells.DECLINED, Tells.WITHDRAWN
AC, A, CO, C, E = (
    Tells.ACCEPTED,
    Tells.ACTIVE,
    Tells.CONCLUDING,
    Tells.COMPLETED,
    Tells.ENDED_EARLY,
)

CASES = (
    Cases("pilot-north-east", "northumbria", ((C, 150), (C, 146), (E, 140))),
    Cases(
        "homes-north-east",
        "northumbria",
        (
            (C, 134),
            (C, 101),
            (E, 92),
            (D, 40),
            (CO, 88),
            (A, 61),
            (A, 47),
            (A, 33),
            (AC, 6),
            (S, 1),
        ),
    ),
    Cases(
        "homes-north-east",
        "durham",
        ((C, 112), (A, 75), (A, 70), (A, 58), (A, 49), (A, 36), (AC, 24), (Q, 5), (S, 6))
        # The eight places above are taken, so these three wait.
        + ((S, 5), (S, 4), (S, 2)),
    ),
    Cases("homes-north-east", "cleveland", ((C, 96), (W, 30), (A, 42), (AC, 4))),
    Cases(
        "women-north-east", "northumbria", ((C, 129), (C, 90), (CO, 80), (A, 52), (A, 30), (S, 2))
    ),
    Cases("women-north-east", "durham", ((C, 107), (A, 66), (A, 41), (AC, 9))),
    Cases(
        "wellbeing-yorkshire",
        "west-yorkshire",
        ((C, 118), (C, 99), (E, 77), (A, 55), (A, 38), (AC, 5), (Q, 4), (S, 1)),
    ),
    Cases(
        "wellbeing-yorkshire",
        "south-yorkshire",
        ((C, 104), (A, 68), (A, 51), (A, 37), (AC, 8), (S, 6), (S, 3)),
    ),
    Cases(
        "work-wales",
        "south-wales",
        ((C, 122), (C, 110), (D, 45), (A, 63), (A, 44), (A, 39), (AC, 7), (S, 1)),
    ),
    Cases("wellbeing-wales", "south-wales", ((C, 115), (A, 57), (A, 35), (S, 2))),
    Cases("wellbeing-wales", "gwent", ((C, 103), (A, 71), (A, 46), (AC, 21), (S, 9))),
    # Last, so that everybody else keeps their name: the third case of an area that is leaving.
    Cases("homes-north-east", "cleveland", ((A, 29),)),
)

# Of those who wait, every third has a reason to go first.
PRIORITIES = (Priority.NONE, Priority.NO_ADDRESS, Priority.NONE)

WOMEN = (
    "Aaliyah Brook", "Bethan Rees", "Carol Stubbs", "Danielle O’Neill", "Elin ap Gwyn",
    "Fatima Zaman", "Gemma Tuck", "Holly Marsden", "Ingrid Solberg", "Jodie Crane",
    "Katya Morozova", "Lorraine Pitt", "Mwynwen Prosser", "Nia Gittins", "Olamide Bello",
    "Paula Hirst", "Roisin Kane", "Shanelle Duke", "Tegan Lowther", "Una Brady",
    "Violet Ames", "Wanda Kozlow", "Yusra Malik", "Zara Finch",
)  # fmt: skip  # several to a line
MEN = (
    "Aled Probert", "Barry Nunn", "Callum Tate", "Darren Ibbotson", "Emrys Cadwaladr",
    "Femi Adeyemi", "Gareth Penry", "Hassan Rahimi", "Ivan Petrov", "Joel Sumner",
    "Kieran O’Malley", "Lee Garbutt", "Mo Hussain-Clarke", "Neil Robson", "Oisín Byrne",
    "Piotr Wolski", "Quentin Ash", "Ryan Dodds", "Steffan Ifans", "Tyrone Gayle",
    "Umar Sheikh", "Vince Laidlaw", "Wayne Stokoe", "Xavier Moyo", "Yannick Bailey",
    "Zbigniew Lis", "Adam Heslop", "Ben Cartwright", "Craig Younger", "Deiniol Huws",
    "Ethan Raine", "Frank Tulloch", "Glyn Maddocks", "Harvey Nixon", "Idris Kamara",
    "Jake Thwaite", "Karl Brough", "Liam Devine", "Marek Novak", "Nathan Close",
    "Owain Tudur", "Paul Wren", "Reece Hardy", "Sami Haddad", "Tom Ridley",
    "Vikesh Joshi", "Will Starling", "Zack Pell",
)  # fmt: skip  # several to a line

RISK = {
    "at_risk": "No risk to staff is known. Former partner must not learn where appointments are.",
    "when_greatest": "After drinking, and late at night. Lower with a plan for the day.",
    "to_self": "Low mood at times; has a number to call and uses it.",
}
RISK_FLAGS = ("known_adult", "vulnerable")
SENTENCES = {
    "community_order": "Community order of 18 months for theft, with a rehabilitation requirement.",
    "suspended": "Eight months, suspended for two years, for driving while disqualified.",
    "licence": "Two years for burglary; on licence until the end of the sentence.",
}
REASONS = {
    "accommodation": (
        "Has been staying on friends’ sofas since release and has to leave the last one soon.",
        "A tenancy or a supported room, and the rent sorted out.",
    ),
    "womens-services": (
        "Is dealing with debt, a court case about the children and a former partner, all at once.",
        "Has one person to talk to, knows what comes next, and feels safe at home.",
    ),
    "personal-wellbeing": (
        "Spends the days alone since the order began and has stopped seeing the family.",
        "Gets out twice a week, and has somebody to call who is not in trouble.",
    ),
    "ete": (
        "Has worked on sites before and wants to again, but the cards have run out.",
        "Has the cards renewed and has been to at least two interviews.",
    ),
}
ASSESSED = (
    "Came on time and talked openly. We agreed to meet weekly and wrote down together what should "
    "be different in three months."
)
FEEDBACK = (
    "Filled in the form together and rang the office about it. Next time: the letter.",
    "Talked about last week. One thing went wrong and was put right on the same day.",
    "Went together for the first time; next time will go alone.",
)
CONCERN = "Said that a former partner was seen near the house. The practitioner was called."
QUERY = "May we ring in the evening? The risk information says that calls can be overheard."
NEXT_STEPS = "The drop-in on Tuesdays is open to them; the team there expects them."
REPORT = (
    "Came to most sessions and did what was agreed. What worked: going along the first time, then "
    "stepping back. What is left is small, and there is somebody to call."
)
