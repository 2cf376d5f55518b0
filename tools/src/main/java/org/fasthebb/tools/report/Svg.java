package org.fasthebb.tools.report;

import org.fasthebb.tools.console.Text;

/** Draws the elements of charts. Coordinates are in units of the picture's viewBox. */
final class Svg {
  private final Html html;

  /** Draws into {@code html}, where an element svg is open. */
  Svg(Html html) {
    this.html = html;
  }

  /**
   * Opens a picture, which {@link Html#close} ends; {@code label} describes it to screen readers.
   */
  static Svg open(Html html, int width, int height, String label) {
    html.open("svg", "viewBox", "0 0 " + width + " " + height, "role", "img", "aria-label", label);
    return new Svg(html);
  }

  /** A line whose kind is a class of the style sheet. */
  void line(String kind, double x1, double y1, double x2, double y2) {
    html.open(
            "line",
            "class",
            kind,
            "x1",
            number(x1),
            "y1",
            number(y1),
            "x2",
            number(x2),
            "y2",
            number(y2))
        .close();
  }

  /** Text at a point that is its start, middle or end. */
  void label(double x, double y, String anchor, String text) {
    html.element(
        "text", text, "class", "label", "x", number(x), "y", number(y), "text-anchor", anchor);
  }

  /** Opens a group of shapes in the colour of a curve; {@link Html#close} ends it. */
  void openSeries(Look look) {
    html.open("g", "class", "series", "style", "--c: " + look.colour());
  }

  /** A line through points. */
  void polyline(Look look, String points) {
    html.open("polyline", "points", points, "stroke-dasharray", look.dashes()).close();
  }

  /** A mark at a point, if there is one in this look; its title is shown when pointed at. */
  void mark(Look look, double x, double y, String title) {
    if (!look.mark().isEmpty()) {
      html.open("path", "class", look.fill(), "d", "M" + point(x, y).strip() + look.mark());
      html.element("title", title).close();
    }
  }

  void bar(Look look, double x, double y, double width, double height) {
    html.open(
            "rect",
            "class",
            look.fill(),
            "x",
            number(x),
            "y",
            number(y),
            "width",
            number(width),
            "height",
            number(height))
        .close();
  }

  /** A point of a polyline, with a space behind it. */
  static String point(double x, double y) {
    return number(x) + "," + number(y) + " ";
  }

  /** A coordinate, to a tenth of a unit. */
  static String number(double value) {
    return Text.format("%.1f", value);
  }
}
