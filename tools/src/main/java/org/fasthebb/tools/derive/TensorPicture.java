package org.fasthebb.tools.derive;

import java.util.List;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.derive.algebra.NamedAxis;
import org.fasthebb.tools.report.Html;

/**
 * Draws tensors as boxes, as the paper's Fig. 1: patches go back, neurons down, values to the
 * right. An axis that a tensor has not makes the box thin.
 */
final class TensorPicture {
  private static final int WIDE = 62;
  private static final int HIGH = 46;
  private static final int DEEP = 30;
  private static final int THIN = 6;

  /** From one box to the next, and the height of the picture. */
  private static final int PITCH = 136;

  private static final int HEIGHT = 116;

  private final Html html;

  private TensorPicture(Html html) {
    this.html = html;
  }

  /** A tensor to draw. */
  record Box(String name, List<NamedAxis> axes) {
    /** Whether it has at most one axis in each direction. */
    boolean canBeDrawn() {
      return axes.stream()
          .allMatch(axis ->
              direction(axis) >= 0
                  && axes.stream().filter(other -> direction(other) == direction(axis)).count()
                      == 1);
    }

    private NamedAxis along(int direction) {
      return axes.stream().filter(axis -> direction(axis) == direction).findFirst().orElse(null);
    }

    private String shape() {
      return String.join(" × ", axes.stream().map(NamedAxis::size).toList());
    }
  }

  /** 0 to the right, 1 down, 2 back; -1 for axes that are not drawn. */
  private static int direction(NamedAxis axis) {
    return switch (axis) {
      case S, T, M, C -> 0;
      case N -> 1;
      case B, D, G -> 2;
      default -> -1;
    };
  }

  /** Draws boxes, each as a picture of its own, so that they wrap on a narrow page. */
  static void draw(Html html, List<Box> boxes) {
    if (boxes.isEmpty()) {
      return;
    }
    html.open("div", "class", "boxes");
    for (Box box : boxes) {
      new TensorPicture(html).draw(box);
    }
    html.close();
  }

  private void draw(Box box) {
    String size = PITCH + " " + HEIGHT;
    html.open(
        "svg",
        "viewBox",
        "0 0 " + size,
        "width",
        Integer.toString(PITCH),
        "height",
        Integer.toString(HEIGHT),
        "role",
        "img",
        "aria-label",
        box.name() + " has the shape " + box.shape());
    NamedAxis right = box.along(0);
    NamedAxis down = box.along(1);
    NamedAxis back = box.along(2);
    int w = right == null ? THIN : WIDE;
    int h = down == null ? THIN : HIGH;
    int d = back == null ? THIN / 2 : DEEP;
    int x = 18;
    int y = 38 + (HIGH - h) / 2;
    String kind = box.axes().size() > 2 ? "box full" : "box";
    polygon(kind, x, y, x + w, y, x + w, y + h, x, y + h);
    polygon(kind + " top", x, y, x + d, y - d, x + d + w, y - d, x + w, y);
    polygon(kind + " side", x + w, y, x + w + d, y - d, x + w + d, y + h - d, x + w, y + h);
    label(right, x + w / 2.0, y + h + 13, "middle");
    label(down, x - 4, y + h / 2.0 + 4, "end");
    label(back, x + d / 2.0 - 5, y - d / 2.0 - 2, "end");
    text("label name", x + 3.0, HEIGHT - 4, "start", box.name());
    html.close();
  }

  private void polygon(String kind, int... points) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < points.length; i += 2) {
      list.append(points[i]).append(',').append(points[i + 1]).append(' ');
    }
    html.open("polygon", "class", kind, "points", list.toString().strip()).close();
  }

  private void label(NamedAxis axis, double x, double y, String anchor) {
    if (axis != null) {
      text("label " + MathMl.colour(axis), x, y, anchor, axis.size());
    }
  }

  private void text(String kind, double x, double y, String anchor, String text) {
    html.element(
        "text",
        text,
        "class",
        kind,
        "x",
        Text.format("%.1f", x),
        "y",
        Text.format("%.1f", y),
        "text-anchor",
        anchor);
  }
}
