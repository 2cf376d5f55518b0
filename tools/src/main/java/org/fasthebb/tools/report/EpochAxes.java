package org.fasthebb.tools.report;

import org.fasthebb.tools.console.Text;

/**
 * The axes of a chart of accuracy over epochs, all of one size so that charts stand side by side.
 *
 * @param epochs on the horizontal axis, from 1
 * @param top of the vertical axis, a part from 0 to 1
 */
record EpochAxes(int epochs, double top) {
  static final int WIDTH = 440;
  static final int HEIGHT = 270;
  static final int LEFT = 46;
  static final int RIGHT = WIDTH - 16;
  private static final int TOP = 34;
  private static final int BOTTOM = 46;

  /** The top of an axis for curves that reach {@code highest}. */
  static double top(double highest) {
    return Math.min(1, Math.ceil(highest * 10 + 0.2) / 10);
  }

  void draw(Svg svg) {
    double step = top > 0.5 ? 0.2 : 0.1;
    for (int i = 0; i * step < top + 1e-9; i++) {
      double value = i * step;
      svg.line(i == 0 ? "axis" : "grid", LEFT, y(value), RIGHT, y(value));
      svg.label(LEFT - 8, y(value) + 4, "end", Text.format("%.0f %%", 100 * value));
    }
    int stride = 1;
    while (epochs / stride > 10) {
      stride = stride == 1 ? 2 : stride == 2 ? 5 : 2 * stride;
    }
    for (int epoch = stride; epoch <= epochs; epoch += stride) {
      svg.label(x(epoch), HEIGHT - BOTTOM + 18, "middle", Integer.toString(epoch));
    }
    svg.label((LEFT + RIGHT) / 2.0, HEIGHT - 8, "middle", "epoch");
  }

  /** Half an epoch of space on either side. */
  double x(int epoch) {
    return LEFT + (RIGHT - LEFT) * (epoch - 0.5) / epochs;
  }

  double y(double accuracy) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * accuracy / top;
  }
}
