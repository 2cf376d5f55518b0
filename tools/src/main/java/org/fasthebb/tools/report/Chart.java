package org.fasthebb.tools.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Curves as an SVG picture, with their numbers in a table beneath it. A chart of one place, such as
 * a run of one epoch, is only the table. All charts have one width, at which their text can be read
 * on a telephone and, enlarged, side by side on a desktop.
 *
 * @param title in bold
 * @param note behind the title, or empty
 * @param across what the horizontal axis shows
 * @param places on the horizontal axis, evenly spaced, at least one
 * @param axis the vertical axis, which holds every value
 * @param series the curves, each with one value per place, or fewer
 */
record Chart(
    String title,
    String note,
    String across,
    List<String> places,
    ValueAxis axis,
    List<Series> series) {
  static final int WIDTH = 340;
  private static final int LEFT = 46;
  private static final int RIGHT = WIDTH - 6;
  private static final int TOP = 10;
  private static final int MOST_LABELS = 10;
  private static final int MANY = 5;

  /** Adds the picture, and the table for those who open it. */
  void draw(Html html) {
    html.open("figure");
    caption(html);
    if (places.size() > 1) {
      picture(html);
      html.open("details").element("summary", "Numbers");
      numbers(html);
      html.close();
    } else {
      numbers(html);
    }
    html.close();
  }

  /** Adds the picture alone, for a page that has a better table. */
  void drawPicture(Html html) {
    html.open("figure");
    caption(html);
    picture(html);
    html.close();
  }

  /** A chart whose places are epochs from 1, as many as the longest curve has. */
  static Chart overEpochs(String title, String note, ValueAxis axis, List<Series> series) {
    int epochs = series.stream().mapToInt(curve -> curve.values().size()).max().orElse(0);
    List<String> places = IntStream.rangeClosed(1, epochs).mapToObj(String::valueOf).toList();
    return new Chart(title, note, "epoch", places, axis, series);
  }

  private void caption(Html html) {
    html.open("figcaption").element("b", title + ".").text(" " + note).close();
  }

  private void picture(Html html) {
    legend(html);
    Svg svg = Svg.open(html, WIDTH, bottom() + 40, title);
    for (long line = axis.first(); line <= axis.last(); line++) {
      double y = y(line * axis.step());
      svg.line(line == axis.first() ? "axis" : "grid", LEFT, y, RIGHT, y);
      svg.label(LEFT - 6, y + 4, "end", axis.label(line));
    }
    int stride = stride();
    for (int place = stride - 1; place < places.size(); place += stride) {
      svg.label(x(place), bottom() + 16, "middle", places.get(place));
    }
    svg.label((LEFT + RIGHT) / 2.0, bottom() + 34, "middle", across);
    series.stream().filter(Series::hasBand).forEach(curve -> band(html, svg, curve));
    for (Series curve : series) {
      curve(html, svg, curve);
    }
    html.close();
  }

  private void legend(Html html) {
    html.open("p", "class", "legend");
    for (Series curve : series) {
      html.open("span");
      Svg svg = Svg.open(html, 28, 14, curve.name());
      svg.openSeries(curve.look());
      if (filled(curve).size() != 1) {
        svg.polyline(curve.look(), "1,7 27,7");
      }
      svg.mark(curve.look(), 14, 7, curve.name());
      html.close().close().text(curve.name()).close();
    }
    html.close();
  }

  private void band(Html html, Svg svg, Series curve) {
    StringBuilder points = new StringBuilder();
    for (int place : filled(curve)) {
      points.append(Svg.point(x(place), y(curve.high(place))));
    }
    for (int place : filled(curve).reversed()) {
      points.append(Svg.point(x(place), y(curve.low(place))));
    }
    svg.openSeries(curve.look());
    html.open("polygon", "points", points.toString()).close().close();
  }

  private void curve(Html html, Svg svg, Series curve) {
    StringBuilder points = new StringBuilder();
    List<Integer> filled = filled(curve);
    filled.forEach(place -> points.append(Svg.point(x(place), y(curve.values().get(place)))));
    if (curve.look().mark().isEmpty()) { // a level, which belongs to no place
      double y = y(curve.values().getFirst());
      points.insert(0, Svg.point(LEFT, y)).append(Svg.point(RIGHT, y));
    }
    svg.openSeries(curve.look());
    if (filled.size() > 1) {
      svg.polyline(curve.look(), points.toString());
    }
    for (int place : filled) {
      if ((place + 1) % stride() == 0 || filled.size() == 1) {
        double value = curve.values().get(place);
        String what = curve.name() + ", " + across + " " + places.get(place) + ": ";
        svg.mark(curve.look(), x(place), y(value), what + axis.words(value));
      }
    }
    html.close();
  }

  private static List<Integer> filled(Series curve) {
    List<Integer> filled = new ArrayList<>();
    for (int place = 0; place < curve.values().size(); place++) {
      if (curve.values().get(place) != null) {
        filled.add(place);
      }
    }
    return filled;
  }

  private void numbers(Html html) {
    html.openTable(Stream.concat(Stream.of(across), series.stream().map(Series::name)).toList());
    for (int place = 0; place < places.size(); place++) {
      html.open("tr").element("th", places.get(place));
      for (Series curve : series) {
        Double value = place < curve.values().size() ? curve.values().get(place) : null;
        html.element("td", value == null ? "" : axis.words(value));
      }
      html.close();
    }
    html.closeTable();
  }

  /** Every how many places there is a label, and a mark on each curve. */
  private int stride() {
    int stride = 1;
    while (places.size() / stride > MOST_LABELS) {
      stride = stride == 1 ? 2 : stride == 2 ? 5 : 2 * stride;
    }
    return stride;
  }

  /** Half a place of space on either side. */
  private double x(int place) {
    return LEFT + (RIGHT - LEFT) * (place + 0.5) / places.size();
  }

  private double y(double value) {
    return bottom() - (bottom() - TOP) * axis.part(value);
  }

  /** Where the lowest line is; many curves need more height. */
  private int bottom() {
    return series.size() > MANY ? 290 : 196;
  }
}
