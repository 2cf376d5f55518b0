package org.fasthebb.tools.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.learn.Accuracy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a test said of each image: confusion, recall, mistakes, and the files of them. */
class PredictionsTest {
  private static final List<String> CLASSES = List.of("cat", "dog, \"big\"", "<owl>");

  @TempDir Path dir;

  /** Five images: cat, cat, dog, dog, dog; owls have none. */
  private static ImageSet images() {
    byte[] pixels = new byte[5 * 2 * 2 * 3];
    return new ImageSet(2, 2, 3, CLASSES, pixels, new int[] {0, 0, 1, 1, 1});
  }

  /** Right, wrong by much, wrong by little, right, and right because the lower of equal classes. */
  private static Predictions predictions(boolean probabilities) {
    var collector = new Predictions.Collector(images(), probabilities);
    collector.accept(new float[] {2, 1, 0, /* next */ 0, 0, 5});
    collector.accept(new float[] {1, 0.5f, 0, /* next */ 0, 3, 0, /* next */ -1, 4, 4});
    return collector.predictions();
  }

  @Test
  void confusionMistakesAndCertainty() {
    Predictions found = predictions(true);
    assertArrayEquals(new int[][] {{1, 0, 1}, {1, 2, 0}, {0, 0, 0}}, found.confusion());
    assertEquals(List.of(1, 2), found.mistakes());
    assertEquals(Math.exp(5) / (Math.exp(5) + 2), found.certainty(1), 1e-6);
    assertEquals(1 / (1 + Math.exp(-0.5) + Math.exp(-1)), found.certainty(2), 1e-6);
    assertEquals(0.5f, predictions(false).certainty(2));
    assertEquals(0, predictions(false).certainty(4));
  }

  @Test
  void tableAsCsv() {
    assertEquals(
        """
        class,cat,"dog, ""big""\",<owl>,images,recall
        cat,1,0,1,2,0.5000
        "dog, ""big""\",1,2,0,3,0.6667
        <owl>,0,0,0,0,
        """,
        new ConfusionTable(predictions(true)).csv());
  }

  @Test
  void pageHasTheTableAndTheMistakes() {
    Html html = Html.openPage("test");
    new ConfusionTable(predictions(true)).draw(html);
    Mistakes.draw(html, predictions(true));
    String page = html.closePage().toString();
    assertTrue(page.contains("2 dog, &quot;big&quot;") && page.contains("66.7 %"), page);
    assertTrue(page.contains("no image") && !page.contains("NaN"), page);
    assertEquals(2, page.split("<img ", -1).length - 1);
    assertTrue(page.contains("alt=\"cat, taken for &lt;owl&gt;\""), page);
  }

  @Test
  void manyClassesShowTheWorst() {
    List<String> names = IntStream.range(0, 30).mapToObj(c -> "class" + c).toList();
    byte[] pixels = new byte[30 * 3];
    int[] labels = IntStream.range(0, 30).toArray();
    var collector = new Predictions.Collector(new ImageSet(1, 1, 3, names, pixels, labels), true);
    float[] scores = new float[30 * 30];
    for (int i = 0; i < 30; i++) {
      scores[i * 30 + (i == 7 ? 8 : i)] = 1;
    }
    collector.accept(scores);
    Html html = new Html().open("div");
    new ConfusionTable(collector.predictions()).draw(html);
    String page = html.close().toString().replaceAll("\\s+", "");
    assertTrue(page.contains("<th>class7</th><td>1</td><td>0.0%</td>"), page);
    assertTrue(page.contains("<th>class7</th><td>class8</td><td>1</td>"), page);
    assertFalse(page.contains("color-mix"), "no matrix of 900 cells");
  }

  @Test
  void theFileIsReadBackOrNotBelieved() throws IOException {
    Path file = dir.resolve("predictions.csv");
    Predictions written = predictions(true);
    written.write(file);
    List<String> rows = Files.readAllLines(file);
    assertEquals(
        "image,label,predicted,certainty,right,class,predicted_class,file", rows.getFirst());
    assertEquals("1,0,2," + written.certainty(1) + ",false,cat,<owl>,1", rows.get(1));
    Accuracy accuracy = new Accuracy(3 / 5.0, 1);
    Predictions read = Predictions.find(file, images(), accuracy);
    assertNotNull(read);
    assertArrayEquals(written.confusion(), read.confusion());
    assertEquals(written.mistakes(), read.mistakes());
    assertEquals(written.certainty(4), read.certainty(4));
    assertNull(Predictions.find(file, images(), new Accuracy(2 / 5.0, 1)), "another accuracy");
    assertNull(Predictions.find(dir.resolve("none.csv"), images(), accuracy), "no file");
    String text = Files.readString(file);
    for (String damaged :
        List.of(
            text.substring(0, text.lastIndexOf("\n", text.length() - 2)),
            text.replace("1,0,2,", "1,0,7,"),
            text.replace("1,0,2,", "99,0,2,"),
            text.replace("1,0,2,", "1,0,x,"))) {
      Files.writeString(file, damaged);
      assertNull(Predictions.find(file, images(), accuracy), damaged);
    }
  }
}
