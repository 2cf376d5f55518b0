package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.models.use.Model;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pre-training on images without labels, and a head for the labels of other images. */
class UnlabelledTest {
  @TempDir static Path dir;
  private static Path flat;
  private static Path labelled;

  @BeforeAll
  static void writeImages() throws IOException {
    labelled = TinyImages.write(dir.resolve("labelled"), 10, 3);
    flat = Files.createDirectories(dir.resolve("flat"));
    for (String name : new String[] {"above", "left"}) {
      for (int i = 0; i < 10; i++) {
        Files.copy(
            labelled.resolve("train/" + name + "/" + i + ".png"), flat.resolve(name + i + ".png"));
      }
    }
  }

  private static Program unlabelled(String command, String... more) {
    Stream<String> data =
        Stream.of(command, "--data", "unlabelled", "--data-dir", flat.toString(), "--batch", "8");
    return Program.run(Stream.concat(data, Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void theLastEpochCountsAndAnyLabelsCanBeLearned() throws IOException {
    Path out = dir.resolve("out");
    Program program =
        unlabelled("pretrain", "--rule", "hpca", "--epochs", "2", "--out", out.toString())
            .succeeds();
    String err = String.join("\n", program.err());
    assertTrue(err.contains("20 training images and 0 test images of one class"), err);
    assertTrue(err.contains("the last epoch counts"), err);
    assertFalse(err.contains("validation "), err);
    String text = String.join("\n", program.out());
    assertFalse(text.contains("Validation") || text.contains("accuracy"), text);
    assertTrue(text.contains("finetune --model") && text.contains("--data folder"), text);
    String report = Files.readString(out.resolve("pretrained.html"));
    assertFalse(report.contains("Validation accuracy"), "no accuracy is claimed");
    Path pretrained = out.resolve("pretrained.safetensors");
    try (Model model = Model.load(pretrained)) {
      assertEquals(model.featureCount(), model.features(flat.resolve("above1.png")).length);
    }
    Path tuned = dir.resolve("tuned");
    Program finetune =
        Program.onFolder(
                labelled.toString(),
                "finetune",
                "--model",
                pretrained.toString(),
                "--labels",
                "100%",
                "--read-out",
                "ridge",
                "--out",
                tuned.toString())
            .succeeds();
    assertTrue(String.join("\n", finetune.err()).contains("other classes or none"));
    try (Model model = Model.load(tuned.resolve("model.safetensors"))) {
      assertEquals(List.of("above", "left"), model.classNames());
      assertEquals("above", model.classify(labelled.resolve("test/above/1000.png")).name());
    }
  }

  @Test
  void anAutoEncoderIsValidatedByItsLoss() {
    Program program =
        unlabelled(
                "pretrain",
                "--rule",
                "vae",
                "--epochs",
                "2",
                "--out",
                dir.resolve("vae").toString())
            .succeeds();
    assertTrue(
        String.join("\n", program.out()).contains("validation loss"), program.out()::toString);
  }

  @Test
  void whatNeedsLabelsIsRefused() {
    for (String command : new String[] {"run", "table1"}) {
      assertTrue(unlabelled(command).fails(2).contains("it goes with pretrain only"), command);
    }
    String sentence =
        unlabelled("pretrain", "--validation", "20", "--out", dir.resolve("no").toString())
            .fails(2);
    assertTrue(sentence.contains("--validation needs labels"), sentence);
  }
}
