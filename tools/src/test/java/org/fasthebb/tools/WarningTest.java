package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has no effect, or cannot work well, is said in one sentence before the work starts. */
class WarningTest {
  private static final String SMALL =
      "run --train-images 60 --test-images 20 --epochs 1 --read-out-epochs 1 ";

  @TempDir Path dir;

  private Program run(String more) {
    Stream<String> out = Stream.of("--out", dir.resolve("out").toString());
    return Program.run(
        Stream.concat(Stream.of((SMALL + more).split(" ")), out).toArray(String[]::new));
  }

  private static List<String> warnings(Program program) {
    return program.err().stream().filter(line -> line.startsWith("warning: ")).toList();
  }

  @Test
  void optionsWithoutEffect() {
    Program program = run("--rule none --winners 3 --read-out linear --rate 3 --labels 100%");
    assertEquals(
        List.of(
            "warning: --winners has no effect with --rule none; it is for k-wta.",
            "warning: --epochs has no effect with --rule none; it is for swta, hpca, vae, hard-wta,"
                + " k-wta, oja, subspace, ica, sparse-coding, softhebb, patches, softhebb-patches.",
            "warning: --rate has no effect with --read-out linear; it is for --read-out finetune."),
        warnings(program.succeeds()));
    assertTrue(program.err().stream().anyMatch(line -> line.startsWith("read-out  epoch 1/1")));
  }

  /** The last maps of the small network have one pixel. */
  @Test
  void featuresThatChangeNothing() {
    String much = "--rule none --read-out ridge --labels 100% --pool 99 --self-training 2";
    assertEquals(
        List.of(
            "warning: --self-training has no effect with --unlabelled 0: no image is left to"
                + " guess.",
            "warning: maps are to be averaged to 99x99 means, but have no more pixels than that, so"
                + " they stay as they are."),
        warnings(
            Program.run(
                    ("run --train-images 60 --test-images 20 --unlabelled 0 --out "
                            + dir.resolve("out")
                            + " "
                            + much)
                        .split(" "))
                .succeeds()));
  }

  @Test
  void classesWithoutLabels() {
    List<String> warnings = warnings(run("--labels 10%").succeeds());
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.getFirst().startsWith("warning: the 5 labelled images are of "));
  }

  @Test
  void labelsOfOneClassAreRefused() throws IOException {
    Path images = TinyImages.write(dir.resolve("images"), 2, 1);
    Path left = images.resolve("train/left");
    for (int image = 2; image < 80; image++) {
      Files.copy(left.resolve("0.png"), left.resolve(image + ".png"));
    }
    String[] few = {"--labels", "3%", "--rule", "none", "--out", dir.resolve("out").toString()};
    String sentence = Program.onFolder(images.toString(), "run", few).fails(1);
    assertTrue(sentence.contains("labelled images are of 1 of the 2 classes"), sentence);
  }

  @Test
  void nothingToValidate() {
    List<String> warnings = warnings(run("--labels 100% --validation 1%").succeeds());
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.getFirst().contains("the last epoch counts"), warnings.getFirst());
  }

  @Test
  void aRateThatIsTooHigh() {
    String sentence = run("--labels 100% --rate 1e8").fails(1);
    assertTrue(sentence.contains("diverged in epoch 1 at a learning rate of 1.0E8"), sentence);
  }

  @Test
  void outputBehindALink() throws IOException {
    Files.createDirectories(dir.resolve("real/sub"));
    Files.createSymbolicLink(dir.resolve("link"), dir.resolve("real/sub"));
    String images = TinyImages.write(dir.resolve("images"), 10, 3).toString();
    String[] words = {"--rule", "none", "--out", dir.resolve("link") + "/../x"};
    Program.onFolder(images, "pretrain", words).succeeds();
    assertTrue(Files.exists(dir.resolve("real/x/pretrained.safetensors")));
  }

  @Test
  void completionOffersNamesThatAreAccepted() {
    String script = String.join("\n", Program.run("completion", "bash").succeeds().out());
    for (String word : List.of("tiny-imagenet", "hard-wta", "finetune", "elbo")) {
      assertTrue(script.contains('"' + word + '"'), word);
    }
  }
}
