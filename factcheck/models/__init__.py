"""Tables, constraints and facts about one row. Reads live in `queries`, writes in `services`."""

from factcheck.models.annotations import Annotation, Placement
from factcheck.models.articles import Article, ArticleVersion
from factcheck.models.history import Act, Event, FeedEpoch
from factcheck.models.imports import ImportArticle, ImportFile, ImportUpload
from factcheck.models.judged import Judged, Status
from factcheck.models.layers import Layer, ReviewerAssignment
from factcheck.models.projects import (
    AttributeSchema,
    Membership,
    Project,
    ProjectCounter,
    RelationKind,
    RelationPair,
    Tag,
)
from factcheck.models.relations import Relation
from factcheck.models.releases import Release, ReleaseChunk, ReleaseFile
from factcheck.models.reviews import ProposedAnnotation, Review, ReviewResponse
from factcheck.models.sources import Source, SourceLink, SourceName, SourceText
from factcheck.models.threads import Comment, Notice, Thread
from factcheck.models.tokens import SignInLink, Token
from factcheck.models.users import User

__all__ = [
    "Act",
    "Annotation",
    "Article",
    "ArticleVersion",
    "AttributeSchema",
    "Comment",
    "Event",
    "FeedEpoch",
    "ImportArticle",
    "ImportFile",
    "ImportUpload",
    "Judged",
    "Layer",
    "Membership",
    "Notice",
    "Placement",
    "Project",
    "ProjectCounter",
    "ProposedAnnotation",
    "Relation",
    "RelationKind",
    "RelationPair",
    "Release",
    "ReleaseChunk",
    "ReleaseFile",
    "Review",
    "ReviewResponse",
    "ReviewerAssignment",
    "SignInLink",
    "Source",
    "SourceLink",
    "SourceName",
    "SourceText",
    "Status",
    "Tag",
    "Thread",
    "Token",
    "User",
]
