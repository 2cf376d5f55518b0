package org.fasthebb.tools.report;

import java.util.List;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.tools.console.Text;

/** The most certain mistakes of a test, as pictures. */
final class Mistakes {
  private static final int SHOWN = 10;

  private Mistakes() {}

  static void draw(Html html, Predictions predictions) {
    List<Integer> mistakes = predictions.mistakes();
    if (mistakes.isEmpty()) {
      return;
    }
    html.element("h2", "The most certain mistakes");
    html.open("div", "class", "pictures");
    mistakes.stream().limit(SHOWN).forEach(image -> figure(html, predictions, image));
    html.close();
    html.element(
        "p",
        Text.format(
            "%s of %s are mistaken; the first rows of predictions.csv are these mistakes. The"
                + " number is how certain the model was of the class it named: a probability, or"
                + " for read-outs in closed form how far its score is above that of the next"
                + " class.",
            Text.count(mistakes.size()), Text.count(predictions.images().size(), "test image")),
        "class",
        "note");
  }

  private static void figure(Html html, Predictions predictions, int image) {
    ImageSource images = predictions.images();
    byte[] pixels = new byte[images.imageBytes()];
    images.read(image, pixels, 0);
    String said = images.classNames().get(predictions.predicted(image));
    String truth = images.classNames().get(images.label(image));
    html.open("figure");
    html.single(
        "img",
        "alt",
        truth + ", taken for " + said,
        "src",
        Pictures.uri(Pictures.of(pixels, images.height(), images.width()), "png"));
    html.open("figcaption")
        .element("b", said)
        .text(Text.format(" %.3f; it is ", predictions.certainty(image)));
    html.element("b", truth).text(" (" + images.nameOf(image) + ")").close().close();
  }
}
