"""Models of scikit-learn: a linear one that learns online, and boosted trees that
need all rows at once.
"""

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import SGDClassifier

VERSION = "scikit-learn " + sklearn.__version__


class Answers:
    """Turns what scikit-learn's models say into what is measured."""

    def __init__(self, job):
        self.num_classes = job["numClasses"]

    def answer(self, known, predicted):
        """From probabilities of the classes that the model knows."""
        probabilities = np.zeros((len(predicted), self.num_classes), np.float32)
        probabilities[:, known] = predicted
        classes = probabilities.argmax(axis=1)
        return (probabilities[:, 1] if self.num_classes == 2 else probabilities), classes


class OnlineLinear(Answers):
    """Logistic regression, one against all, stepping with each row of a call in turn."""

    rows_a_call = 32
    version = VERSION

    def __init__(self, job):
        super().__init__(job)
        self.model = SGDClassifier(
            loss="log_loss",
            learning_rate="constant",
            eta0=job["rates"]["sgd"],
            shuffle=False,
        )
        self.classes = np.arange(self.num_classes)
        self.fresh = True

    def predict(self, rows):
        if self.fresh:
            # It cannot be asked before it has learned.
            return self.answer(self.classes, np.full((len(rows), len(self.classes)), 0.5))
        return self.answer(self.classes, self.model.predict_proba(rows))

    def learn(self, rows, labels):
        before = self.predict(rows)
        self.model.partial_fit(rows, labels, classes=self.classes)
        self.fresh = False
        return before


class OnlineLinearByRow(OnlineLinear):
    """The same, asked before each row."""

    rows_a_call = 1


class BoostedTrees(Answers):
    """Histogram gradient boosting with scikit-learn's defaults."""

    rows_a_call = None
    version = VERSION

    def __init__(self, job):
        super().__init__(job)
        self.model = HistGradientBoostingClassifier(random_state=job["seed"])

    def fit(self, rows, labels):
        self.model.fit(rows, labels)

    def predict(self, rows):
        return self.answer(self.model.classes_, self.model.predict_proba(rows))
