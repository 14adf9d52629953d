"""Metrics: NumPy arrays in, numbers out, float64 inside; no model and no network.

Results of several numbers are named tuples. A score depends on the features, on the
numbers of samples and on the split of the data: report all three with it, and call
only the Frechet distance of TensorFlow's 2015 Inception features FID.
"""

from tfgan.metrics.agreement import LabelAgreement, label_agreement
from tfgan.metrics.assignment import assigned_error, match_categories
from tfgan.metrics.augmentation import ClassificationAccuracy, classification_accuracy_score
from tfgan.metrics.classifier import ClassifierScore, classifier_score
from tfgan.metrics.frechet import Gaussian, frechet_distance, gaussian
from tfgan.metrics.kernel import KernelDistance, kernel_distance
from tfgan.metrics.manifold import (
    DensityCoverage,
    ManifoldScores,
    PrecisionRecall,
    density_coverage,
    manifold_scores,
    precision_recall,
)
from tfgan.metrics.copies import Memorization, SupportSize, memorization, support_size
from tfgan.metrics.modes import (
    ClassStatistics,
    ModeStatistics,
    class_statistics,
    js_to_uniform,
    kl_to_uniform,
    mode_counts,
    mode_statistics,
)
from tfgan.metrics.neighbours import nearest_neighbour_accuracy
from tfgan.metrics.parzen import LogLikelihood, parzen_log_likelihood, parzen_sigma
from tfgan.metrics.probe import logistic_probe
from tfgan.metrics.sharpness import laplacian_variance_ratio
from tfgan.metrics.similarity import ms_ssim, ms_ssim_within, psnr, ssim
from tfgan.metrics.sliced import SlicedWasserstein, sliced_wasserstein, wasserstein_1d
from tfgan.metrics.table import METRICS, Metric, Sets

__all__ = [
    "METRICS",
    "ClassStatistics",
    "ClassificationAccuracy",
    "ClassifierScore",
    "DensityCoverage",
    "Gaussian",
    "KernelDistance",
    "LabelAgreement",
    "LogLikelihood",
    "ManifoldScores",
    "Memorization",
    "Metric",
    "ModeStatistics",
    "PrecisionRecall",
    "Sets",
    "SlicedWasserstein",
    "SupportSize",
    "assigned_error",
    "class_statistics",
    "classification_accuracy_score",
    "classifier_score",
    "density_coverage",
    "frechet_distance",
    "gaussian",
    "js_to_uniform",
    "kernel_distance",
    "kl_to_uniform",
    "label_agreement",
    "laplacian_variance_ratio",
    "logistic_probe",
    "manifold_scores",
    "match_categories",
    "memorization",
    "mode_counts",
    "mode_statistics",
    "ms_ssim",
    "ms_ssim_within",
    "nearest_neighbour_accuracy",
    "parzen_log_likelihood",
    "parzen_sigma",
    "precision_recall",
    "psnr",
    "sliced_wasserstein",
    "ssim",
    "support_size",
    "wasserstein_1d",
]
