package org.fasthebb.models.data;

import org.fasthebb.models.random.Rng;

/**
 * Paints one image of {@link Shapes}: textured background, clutter, textured shape, light, noise.
 *
 * <p>The bytes are the same on every machine: all arithmetic is in double, with StrictMath for sine
 * and cosine.
 */
final class ShapePainter {
  static final int SIDE = 32;

  private static final int AREA = SIDE * SIDE;
  private static final double MAX_TILT = Math.PI / 8;
  private static final double MAX_SHIFT = 4;
  private static final double SQRT_3 = Math.sqrt(3);

  private final Rng rng;
  private final double[] canvas = new double[3 * AREA];

  private ShapePainter(Rng rng) {
    this.rng = rng;
  }

  /** Writes a new image of {@code shape}, (32, 32, 3), from {@code out[at]} on. */
  static void paint(ShapeOutline shape, Rng rng, byte[] out, int at) {
    ShapePainter painter = new ShapePainter(rng);
    double[] ground = painter.color(0.05, 0.55);
    painter.paintGround(ground);
    painter.paintClutter();
    painter.paintShape(shape, ground);
    painter.develop(out, at);
  }

  private void paintGround(double[] color) {
    double[] other = near(color, 0.3);
    double[] texture = ValueNoise.texture(SIDE, rng);
    for (int p = 0; p < AREA; p++) {
      blend(p, color, 1);
      blend(p, other, texture[p]);
    }
  }

  /** A few blots and strokes, much smaller than the shape, anywhere. */
  private void paintClutter() {
    int pieces = 2 + rng.nextInt(4);
    for (int i = 0; i < pieces; i++) {
      Pose pose = Pose.of(between(0, SIDE), between(0, SIDE), 1, between(0, 2 * Math.PI));
      double length = between(1, 5);
      double[] color = color(0.05, 0.95);
      double opacity = between(0.4, 1);
      for (int p = 0; p < AREA; p++) {
        double distance = ShapeOutline.box(pose.u(p), pose.v(p), length, 1);
        blend(p, color, opacity * coverage(distance));
      }
    }
  }

  private void paintShape(ShapeOutline shape, double[] ground) {
    double radius = between(9, 12);
    double x = SIDE / 2.0 + between(-MAX_SHIFT, MAX_SHIFT);
    double y = SIDE / 2.0 + between(-MAX_SHIFT, MAX_SHIFT);
    Pose pose = Pose.of(x, y, radius, between(-MAX_TILT, MAX_TILT));
    double[] color = brighter(ground);
    double[] other = near(color, 0.25);
    double[] texture = ValueNoise.texture(SIDE, rng);
    double[] mixed = new double[3];
    for (int p = 0; p < AREA; p++) {
      double coverage = coverage(radius * shape.distance(pose.u(p), pose.v(p)));
      if (coverage > 0) {
        for (int c = 0; c < 3; c++) {
          mixed[c] = color[c] + texture[p] * (other[c] - color[c]);
        }
        blend(p, mixed, coverage);
      }
    }
  }

  /** Applies light that falls off across the image and sensor noise, and rounds to bytes. */
  private void develop(byte[] out, int at) {
    double right = between(-0.3, 0.3);
    double down = between(-0.3, 0.3);
    double noise = between(2, 14);
    for (int p = 0; p < AREA; p++) {
      double u = centreX(p) / (SIDE / 2) - 1;
      double v = centreY(p) / (SIDE / 2) - 1;
      double light = 255 * (1 + right * u + down * v);
      for (int c = 0; c < 3; c++) {
        double value = light * canvas[3 * p + c] + noise * roughlyNormal();
        out[at + 3 * p + c] = (byte) Math.clamp((long) (value + 0.5), 0, 255);
      }
    }
  }

  private void blend(int p, double[] color, double opacity) {
    for (int c = 0; c < 3; c++) {
      canvas[3 * p + c] += opacity * (color[c] - canvas[3 * p + c]);
    }
  }

  /** The part of a pixel that lies inside an outline, from their signed distance in pixels. */
  private static double coverage(double distance) {
    return Math.clamp(0.5 - distance, 0, 1);
  }

  private double[] color(double low, double high) {
    return new double[] {between(low, high), between(low, high), between(low, high)};
  }

  private double[] near(double[] color, double reach) {
    double[] near = new double[3];
    for (int c = 0; c < 3; c++) {
      near[c] = Math.clamp(color[c] + between(-reach, reach), 0, 1);
    }
    return near;
  }

  /** Another hue, lighter than {@code color} in every channel, so that the shape stands out. */
  private double[] brighter(double[] color) {
    double[] lighter = new double[3];
    for (int c = 0; c < 3; c++) {
      lighter[c] = Math.min(1, color[c] + between(0.1, 0.6));
    }
    return lighter;
  }

  private static double centreX(int p) {
    int column = p % SIDE;
    return column + 0.5;
  }

  private static double centreY(int p) {
    int row = p / SIDE;
    return row + 0.5;
  }

  private double between(double low, double high) {
    return low + (high - low) * rng.nextUniform();
  }

  /** The sum of four uniform numbers, scaled to mean 0 and variance 1: a fast, rough normal. */
  private double roughlyNormal() {
    long bits = rng.nextLong();
    long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
    return (sum * 0x1p-16 - 2) * SQRT_3;
  }

  /** Position, size and rotation of a shape; maps pixel indices to the shape's coordinates. */
  private record Pose(double x, double y, double cos, double sin) {
    static Pose of(double x, double y, double radius, double angle) {
      return new Pose(x, y, StrictMath.cos(angle) / radius, StrictMath.sin(angle) / radius);
    }

    double u(int p) {
      return cos * (centreX(p) - x) + sin * (centreY(p) - y);
    }

    double v(int p) {
      return cos * (centreY(p) - y) - sin * (centreX(p) - x);
    }
  }
}
