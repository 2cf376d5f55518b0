package org.fasthebb.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fasthebb.models.protocol.Method;
import org.junit.jupiter.api.Test;

class ChartTest {
  private static final Pattern LINE =
      Pattern.compile("class=\"(?:axis|grid)\" x1=\"([\\d.]+)\" y1=\"([\\d.]+)\" x2=\"([\\d.]+)\"");
  private static final Pattern POINT = Pattern.compile("(-?[\\d.]+),(-?[\\d.]+)");
  private static final Look LOOK = Look.of("hpca");

  private static String draw(Chart chart) {
    Html html = new Html();
    chart.draw(html);
    return html.toString();
  }

  private static Chart accuracies(List<Double> values, List<Double> widths) {
    Series series = new Series("hpca", LOOK, values, widths);
    List<String> places = List.of("1", "10", "100").subList(0, values.size());
    ValueAxis axis = ValueAxis.percent(series.highest());
    return new Chart("accuracy", "", "labels, %", places, axis, List.of(series));
  }

  /** The corners of the picture's grid hold all points of lines, bands and marks. */
  private static void assertInside(String html) {
    String picture = html.substring(html.lastIndexOf("<svg")); // behind the legend
    List<Double> xs = new ArrayList<>();
    List<Double> ys = new ArrayList<>();
    for (Matcher line = LINE.matcher(picture); line.find(); ) {
      xs.addAll(List.of(Double.valueOf(line.group(1)), Double.valueOf(line.group(3))));
      ys.add(Double.valueOf(line.group(2)));
    }
    int points = 0;
    for (Matcher point = POINT.matcher(picture); point.find(); points++) {
      double x = Double.parseDouble(point.group(1));
      double y = Double.parseDouble(point.group(2));
      assertTrue(x >= xs.stream().min(Double::compare).orElseThrow(), picture);
      assertTrue(x <= xs.stream().max(Double::compare).orElseThrow(), picture);
      assertTrue(y >= ys.stream().min(Double::compare).orElseThrow(), picture);
      assertTrue(y <= ys.stream().max(Double::compare).orElseThrow(), picture);
    }
    assertTrue(points > 2, picture);
  }

  @Test
  void nothingLeavesTheChart() {
    for (double width : new double[] {0, 0.3, 8, 31.9, 400}) {
      assertInside(draw(accuracies(List.of(0.0, 27.3, 59.2), List.of(width, width, width))));
      assertInside(draw(accuracies(List.of(99.0, 100.0), List.of(width, width))));
      assertInside(draw(accuracies(List.of(0.0, 0.4, 0.3), List.of(width, 0.0, width))));
    }
    for (List<Double> losses :
        List.of(List.of(2.66, 1.5, 0.1), List.of(1012.7, 1011.9), List.of(0.0, 0.0, 3e-9))) {
      List<Series> series = List.of(Series.of("training", Look.TRAINING, losses));
      assertInside(draw(Chart.overEpochs("loss", "", ValueAxis.of(series), series)));
    }
  }

  @Test
  void axesHoldTheirCurvesInFewSteps() {
    for (double low : new double[] {0, 1e-6, 0.5, 3, 99.9, 12345}) {
      for (double span : new double[] {0, 1e-6, 0.019, 0.7, 1, 5.9, 6, 7, 59, 61, 1e9}) {
        ValueAxis axis = ValueAxis.of(List.of(Series.of("", LOOK, List.of(low + span, low))));
        assertTrue(axis.part(low) > -1e-6 && axis.part(low + span) < 1 + 1e-6, axis::toString);
        long steps = axis.last() - axis.first();
        assertTrue(steps >= 1 && steps <= 6, axis::toString);
        Set<String> labels = new HashSet<>();
        for (long line = axis.first(); line <= axis.last(); line++) {
          labels.add(axis.label(line));
        }
        assertEquals(steps + 1, labels.size(), () -> axis + " " + labels);
      }
    }
    assertEquals("100 %", ValueAxis.percent(100).label(ValueAxis.percent(100).last()));
    assertEquals("0.5 %", ValueAxis.percent(2.4).label(1));
  }

  @Test
  void onePlaceIsATable() {
    String html = draw(accuracies(List.of(12.34), List.of(1.0)));
    assertFalse(html.contains("<svg"), html);
    assertTrue(html.contains("<td>12.3 %</td>"), html);
  }

  @Test
  void theNumbersAreATable() {
    Series gap = Series.of("loss", LOOK, Arrays.asList(1.5, null, Double.NaN, 0.25));
    List<Series> series = List.of(gap, Series.of("short", LOOK, List.of(2.0)));
    String html = draw(Chart.overEpochs("loss", "", ValueAxis.of(series), series));
    assertInside(html);
    assertTrue(html.contains("<details>"), html);
    String cells =
        Pattern.compile("<t([hd])>([^<]*)</t")
            .matcher(html)
            .results()
            .map(cell -> (cell.group(1).equals("h") ? "/" : ",") + cell.group(2))
            .reduce("", String::concat);
    assertEquals("/epoch/loss/short/1,1.500,2.000/2,,/3,,/4,0.250,", cells);
  }

  /** A print in grey tells them apart. */
  @Test
  void methodsDifferWithoutColour() {
    Set<List<Object>> looks = new HashSet<>();
    for (Method method : Method.all()) {
      Look look = Look.of(method.name());
      looks.add(List.of(look.dashes(), look.mark(), look.hollow()));
      assertEquals(method.isPretrained(), look.dashes().isEmpty(), "controls are dashed");
    }
    assertEquals(Method.all().size(), looks.size());
    assertEquals(Look.of("hpca"), Look.of("hpca-fh"));
  }
}
