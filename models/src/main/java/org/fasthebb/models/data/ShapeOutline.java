package org.fasthebb.models.data;

/**
 * The ten shapes, each as a signed distance: negative inside, positive outside, in units where the
 * shape roughly fills the disc of radius 1. All operations are exact or correctly rounded, so the
 * values are the same on every machine.
 */
enum ShapeOutline {
  DISC {
    @Override
    double distance(double u, double v) {
      return disc(u, v, 0.8);
    }
  },
  RING {
    @Override
    double distance(double u, double v) {
      return Math.abs(disc(u, v, 0.7)) - 0.2;
    }
  },
  SQUARE {
    @Override
    double distance(double u, double v) {
      return box(u, v, 0.72, 0.72);
    }
  },
  TRIANGLE {
    @Override
    double distance(double u, double v) {
      // Within three half planes, 0.5 from the centre; v points down.
      double sides = Math.abs(u) * HALF_SQRT_3 - (v - 0.1) * 0.5;
      return Math.max(sides, v - 0.1) - 0.5;
    }
  },
  CROSS {
    @Override
    double distance(double u, double v) {
      return Math.min(box(u, v, 0.95, 0.26), box(u, v, 0.26, 0.95));
    }
  },
  STAR {
    @Override
    double distance(double u, double v) {
      // Two reflections fold the five points onto one, whose right edge is a straight line.
      double x = Math.abs(u);
      double y = -v;
      double fold = 2 * Math.max(0, x * COS_36 - y * SIN_36);
      x -= fold * COS_36;
      y += fold * SIN_36;
      fold = 2 * Math.max(0, -x * COS_36 - y * SIN_36);
      x = Math.abs(x + fold * COS_36);
      y += fold * SIN_36;
      return (x * EDGE_V + (y - 1) * EDGE_U) / EDGE_LENGTH;
    }
  },
  CRESCENT {
    @Override
    double distance(double u, double v) {
      return Math.max(disc(u - 0.15, v, 0.95), -disc(u - 0.6, v, 0.8));
    }
  },
  BARS {
    @Override
    double distance(double u, double v) {
      return Math.min(box(u, v, 0.9, 0.16), box(u, Math.abs(v) - 0.64, 0.9, 0.16));
    }
  },
  CHECKERS {
    @Override
    double distance(double u, double v) {
      double corners = box(Math.abs(u) - 0.54, Math.abs(v) - 0.54, 0.27, 0.27);
      return Math.min(box(u, v, 0.27, 0.27), corners);
    }
  },
  ELL {
    @Override
    double distance(double u, double v) {
      return Math.min(box(u + 0.4, v, 0.25, 0.9), box(u, v - 0.65, 0.65, 0.25));
    }
  };

  private static final double HALF_SQRT_3 = Math.sqrt(3) / 2;

  // The star: its inner corners are at 0.45 of the radius; the edge runs from (0, 1) to one of
  // them.
  private static final double COS_36 = 0.8090169943749475;
  private static final double SIN_36 = 0.5877852522924731;
  private static final double EDGE_U = 0.45 * SIN_36;
  private static final double EDGE_V = 1 - 0.45 * COS_36;
  private static final double EDGE_LENGTH = Math.sqrt(EDGE_U * EDGE_U + EDGE_V * EDGE_V);

  /** The signed distance of (u, v), u to the right and v down, to the outline. */
  abstract double distance(double u, double v);

  static double disc(double u, double v, double radius) {
    return Math.sqrt(u * u + v * v) - radius;
  }

  /** A rectangle about the origin, exact inside and a lower bound beyond its corners. */
  static double box(double u, double v, double halfWidth, double halfHeight) {
    return Math.max(Math.abs(u) - halfWidth, Math.abs(v) - halfHeight);
  }
}
