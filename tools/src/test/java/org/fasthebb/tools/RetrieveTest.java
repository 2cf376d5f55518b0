package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.models.io.Json;
import org.fasthebb.tools.command.RetrieveCommand.Retrieval;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retrieval by a model, from the command line. */
class RetrieveTest {
  @TempDir static Path dir;
  private static String images;
  private static String model;

  @BeforeAll
  static void pretrainOnce() throws IOException {
    images = TinyImages.write(dir.resolve("images"), 20, 5).toString();
    Path out = dir.resolve("out");
    Program.onFolder(images, "pretrain", "--rule", "none", "--out", out.toString()).succeeds();
    model = out.resolve("pretrained.safetensors").toString();
  }

  private static Program retrieve(String folder, String... more) {
    Stream<String> all = Stream.concat(Stream.of("--model", model), Stream.of(more));
    return Program.onFolder(folder, "retrieve", all.toArray(String[]::new)).succeeds();
  }

  private static Retrieval json(String... more) throws IOException {
    String[] all = Stream.concat(Stream.of("--json"), Stream.of(more)).toArray(String[]::new);
    List<String> out = retrieve(images, all).out();
    assertEquals(1, out.size());
    Path file = Files.writeString(dir.resolve("retrieval.json"), out.getLast());
    return Json.read(file, Retrieval.class);
  }

  private static double[] scores(Retrieval found) {
    return new double[] {found.knnAccuracy(), found.precisionAtK(), found.mapAtK(), found.map()};
  }

  @Test
  void printsTheScores() {
    Program program = retrieve(images);
    List<String> out = program.out();
    assertEquals(
        List.of("Features", "k-NN accuracy", "Precision", "mAP", "Time"),
        out.stream().map(line -> line.split(" {2,}")[0]).toList());
    assertTrue(out.getFirst().endsWith("4,096 of bn5, compared by cosine distance"));
    assertTrue(out.get(1).endsWith("of 10 images by 10 neighbours (guessing would give 50.0 %)"));
    assertTrue(out.get(3).endsWith("over all of 40 training images"), out.get(3));
    assertEquals("computing features of 40 training images", program.err().getFirst());
  }

  @Test
  void asJson() throws IOException {
    Retrieval found = json("--layer", "pool1", "--k", "3", "--distance", "euclidean");
    for (double score : scores(found)) {
      assertTrue(score > 0.5 && score <= 1, score + " is no more than by chance");
    }
    assertEquals(3, found.k());
    assertEquals("euclidean", found.distance());
    assertEquals("pool1", found.layer());
    assertEquals(14 * 14 * 96, found.features());
    assertEquals(40, found.database());
    assertEquals(10, found.queries());
    assertTrue(found.featureSeconds() > 0 && found.searchSeconds() > 0);
  }

  @Test
  void namesOfTheScores() {
    String json = retrieve(images, "--json").out().getLast();
    for (String name : "knn_accuracy precision_at_k map_at_k map feature_seconds".split(" ")) {
      assertTrue(json.contains("\"" + name + "\":"), name);
    }
  }

  @Test
  void allNeighboursAreTheWholeRanking() throws IOException {
    Retrieval found = json("--k", "1000");
    assertEquals(40, found.k());
    assertEquals(0.5, found.precisionAtK());
    assertEquals(found.map(), found.mapAtK());
  }

  @Test
  void anyNumberOfThreadsFindsTheSame() throws IOException {
    assertArrayEquals(scores(json("--threads", "1")), scores(json("--threads", "3")));
  }

  @Test
  void classesMayDifferFromThoseOfTheModel() throws IOException {
    Path other = TinyImages.write(dir.resolve("other"), 4, 1);
    Files.move(other.resolve("train/left"), other.resolve("train/right"));
    Files.move(other.resolve("test/left"), other.resolve("test/right"));
    assertTrue(retrieve(other.toString()).out().get(1).contains("of 2 images by 8 neighbours"));
  }
}
