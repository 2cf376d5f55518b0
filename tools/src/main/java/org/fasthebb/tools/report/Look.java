package org.fasthebb.tools.report;

import java.util.List;
import org.fasthebb.models.protocol.Method;

/**
 * How a curve is drawn. Curves differ in marks or dashes as well as in colour, so that a print in
 * grey tells them apart. A method looks the same in every chart.
 *
 * @param colour for CSS; the style sheet mixes it with that of the text, so that it can be seen on
 *     light and dark backgrounds
 * @param dashes of the line, as lengths of dashes and gaps; empty for a solid line
 * @param mark at a point, as an SVG path that starts there; empty for a level, which has none
 * @param hollow whether marks are outlined, not filled
 */
record Look(String colour, String dashes, String mark, boolean hollow) {
  private static final String CIRCLE = "m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0z";
  private static final String SQUARE = "m-3 -3h6v6h-6z";
  private static final String DIAMOND = "m0 -4.4l4.4 4.4l-4.4 4.4l-4.4 -4.4z";
  private static final String TRIANGLE = "m0 -4l4 7h-8z";
  private static final String CROSS = "m-3 -3l6 6m0 -6l-6 6";
  private static final String PLUS = "m-1.5 -4h3v2.5h2.5v3h-2.5v2.5h-3v-2.5h-2.5v-3h2.5z";
  private static final List<String> MARKS =
      List.of(CIRCLE, SQUARE, DIAMOND, TRIANGLE, "m0 4l4 -7h-8z", PLUS);
  private static final List<String> CONTROL_DASHES =
      List.of("9 3", "9 3 2 3", "9 3 2 3 2 3", "4 4", "14 3", "14 3 2 3", "6 2 6 6");

  /** Accuracy or loss on the validation images. */
  static final Look VALIDATION = new Look("var(--accent)", "", CIRCLE, false);

  /** Loss on the training images. */
  static final Look TRAINING = new Look("var(--soft)", "", SQUARE, true);

  /** The accuracy of guessing. */
  static final Look CHANCE = new Look("var(--chance)", "1 3", "", false);

  /** A ring around a point. */
  static final Look RING =
      new Look("var(--accent)", "", "m-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z", true);

  /** The look of a rule, in either form, or of a control, whose line is dashed. */
  static Look of(String name) {
    Method method = Method.named(name.replaceFirst("-fh$", "")).orElse(null);
    if (method == null) {
      return new Look("#56b4e9", "", CIRCLE, false);
    }
    int before = 0; // methods of the same kind that come first in the catalogue
    for (Method other : Method.all().subList(0, Method.all().indexOf(method))) {
      before += other.isPretrained() == method.isPretrained() ? 1 : 0;
    }
    return method.isPretrained()
        ? new Look(method.colour(), "", MARKS.get(before % MARKS.size()), before >= MARKS.size())
        : new Look(
            method.colour(), CONTROL_DASHES.get(before % CONTROL_DASHES.size()), CROSS, false);
  }

  /** The look of the paper's numbers for a method: its colour and mark, with a thin dashed line. */
  Look ofPaper() {
    return new Look(colour, "4 3", mark, true);
  }

  /** The class of marks and bars in the style sheet. */
  String fill() {
    return hollow ? "hollow" : "filled";
  }
}
