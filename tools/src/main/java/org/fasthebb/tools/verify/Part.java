package org.fasthebb.tools.verify;

import java.util.Arrays;

/** The parts of a tensor that a golden file keeps: all of it, or three summaries of a large one. */
enum Part {
  /** All elements. */
  WHOLE(""),
  /** Mean, population standard deviation, L2 norm, sum, smallest and largest element. */
  STATS(".stats"),
  /** The first 16 elements. */
  FIRST(".first16"),
  /** Up to 64 elements, evenly spaced. */
  PROBE(".probe64");

  private final String suffix;

  Part(String suffix) {
    this.suffix = suffix;
  }

  /** The suffix of the tensor's name. */
  String suffix() {
    return suffix;
  }

  /** The part that a name in a golden file stands for. */
  static Part of(String name) {
    for (Part part : values()) {
      if (part != WHOLE && name.endsWith(part.suffix)) {
        return part;
      }
    }
    return WHOLE;
  }

  /** The name of the tensor that a name in a golden file is a part of. */
  static String tensor(String name) {
    return name.substring(0, name.length() - of(name).suffix.length());
  }

  /** This part of a tensor, given its elements in PyTorch's row-major order. */
  double[] from(double[] values) {
    return switch (this) {
      case WHOLE -> values;
      case STATS -> stats(values);
      case FIRST -> Arrays.copyOf(values, Math.min(values.length, 16));
      case PROBE -> probe(values);
    };
  }

  private static double[] probe(double[] values) {
    double[] probe = new double[Math.min(values.length, 64)];
    int step = Math.max(1, values.length / 64);
    for (int k = 0; k < probe.length; k++) {
      probe[k] = values[k * step];
    }
    return probe;
  }

  private static double[] stats(double[] values) {
    double sum = 0;
    double squares = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      sum += value;
      squares += value * value;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    double mean = sum / values.length;
    double deviations = 0;
    for (double value : values) {
      deviations += (value - mean) * (value - mean);
    }
    double std = Math.sqrt(deviations / values.length);
    return new double[] {mean, std, Math.sqrt(squares), sum, min, max};
  }
}
