package org.fasthebb.tools.photos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.image.ImageDecoder;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.io.ReadFailure;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.photos.SimilarCommand.Answer;
import org.fasthebb.tools.photos.SimilarCommand.FoundPhoto;
import org.fasthebb.tools.report.Html;
import org.fasthebb.tools.report.Pictures;

/** A web page that shows photos beside the queries that found them. */
final class Gallery {
  /** Pixels a side of a small picture. */
  private static final int SIDE = 176;

  private static final String CSS =
      """
      .pictures img { image-rendering: auto; border-radius: 4px; aspect-ratio: 1; object-fit: cover; }
      .pictures .query img { outline: 3px solid var(--accent); outline-offset: 2px; }
      """;

  private final Orientation orientation;
  private final Consumer<DataException> failed;

  private Gallery(Orientation orientation, Consumer<DataException> failed) {
    this.orientation = orientation;
    this.failed = failed;
  }

  /**
   * The page, which needs no other file.
   *
   * @param failed receives why a photo can no longer be read; it has no picture then
   */
  static String page(
      Path folder, List<Answer> answers, Orientation orientation, Consumer<DataException> failed) {
    Gallery gallery = new Gallery(orientation, failed);
    Html html = Html.openPage("FastHebb: similar photos", Pictures.CSS + CSS);
    html.element("h1", "Similar photos");
    html.element(
        "p",
        "For each photo with a frame, those in "
            + folder
            + " whose features are nearest to its own. The number is the cosine of the angle"
            + " between both, 1 for equal ones.",
        "class",
        "lead");
    for (Answer answer : answers) {
      html.element("h2", answer.query().getFileName().toString());
      html.open("div", "class", "pictures");
      gallery.figure(html, "query", answer.query(), "query", answer.query().toString());
      for (FoundPhoto photo : answer.similar()) {
        String name = folder.relativize(photo.file()).toString();
        gallery.figure(html, "", photo.file(), Text.format("%.3f", photo.cosine()), name);
      }
      html.close();
    }
    return html.closePage().toString();
  }

  private void figure(Html html, String kind, Path file, String note, String name) {
    html.open("figure", "class", kind);
    try {
      byte[] square = ImageDecoder.square(Files.readAllBytes(file), SIDE, orientation);
      html.single("img", "alt", name, "src", Pictures.uri(Pictures.of(square, SIDE, SIDE), "jpeg"));
    } catch (IOException e) {
      String why = "%s has no picture in the page (%s).".formatted(file, ReadFailure.reason(e));
      failed.accept(new DataException(why, e));
    }
    html.open("figcaption").element("b", note).text(" " + name).close().close();
  }
}
