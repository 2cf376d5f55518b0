package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.testing.MadeImageNet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command data pack, and commands that read a pack. */
class DataPackTest {
  @TempDir Path dir;

  private String images() throws IOException {
    return TinyImages.write(dir.resolve("images"), 12, 3).toString();
  }

  private Program pack(String... more) throws IOException {
    return pack(Path.of(images()), more);
  }

  private Program pack(Path images, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of("data", "pack", images.toString()));
    words.addAll(List.of("--out", file()));
    words.addAll(List.of(more));
    return Program.run(words.toArray(String[]::new));
  }

  private String file() {
    return dir.resolve("packs").resolve("tiny.pack").toString();
  }

  @ParameterizedTest
  @CsvSource({
    "data pack x, '--out'",
    "data pack --out y --side 64, '--side goes with'",
    "data pack x --out y --data-dir z, 'DIR and --data-dir mean the same'",
    "data pack --out y --data folder, '--data folder needs --data-dir'",
    "data pack x --out y --format png, 'raw, jpeg'",
    "data pack x --out y --data shapes, '--data-dir does not go with --data shapes'",
  })
  void usage(String command, String expected) {
    String sentence = Program.run(command.split(" ")).fails(2);
    assertTrue(sentence.contains(expected), sentence);
  }

  @Test
  void aPackIsAsGoodAsTheFolder() throws IOException {
    assertEquals(file() + " is ready", pack().succeeds().out().getFirst());
    assertEquals(
        file() + " is there already; nothing was packed", pack().succeeds().out().getFirst());
    assertEquals(
        List.of(
            "pack      " + file(),
            "data set  images",
            "classes   2",
            "train     24 images in 1 shard, 0.1 MB",
            "test      6 images in 1 shard, 0.0 MB",
            "stored    32x32",
            "problems  none"),
        Program.run("data", "check", file()).succeeds().out());
    String[] how = {
      "--labels", "50%", "--epochs", "1", "--fine-tune-epochs", "1", "--batch", "10", "--out"
    };
    run("folder", images(), how);
    run("pack", file(), how);
    for (String name : List.of("pretrained.safetensors", "model.safetensors")) {
      assertArrayEquals(
          Files.readAllBytes(dir.resolve("folder").resolve(name)),
          Files.readAllBytes(dir.resolve("pack").resolve(name)),
          name);
    }
  }

  private void run(String kind, String data, String... how) {
    List<String> words = new ArrayList<>(List.of("run", "--data", kind, "--data-dir", data));
    words.addAll(List.of(how));
    words.add(dir.resolve(kind).toString());
    Program.run(words.toArray(String[]::new)).succeeds();
  }

  /** Prepares a training on the pack. */
  private Program pretrain(String... more) {
    List<String> words =
        new ArrayList<>(List.of("pretrain", "--data", "pack", "--data-dir", file()));
    words.addAll(List.of("--epochs", "0", "--out", dir + "/out"));
    words.addAll(List.of(more));
    return Program.run(words.toArray(String[]::new));
  }

  @Test
  void lossyPacksSaySo() throws IOException {
    pack("--format", "jpeg").succeeds();
    Program check = Program.run("data", "check", file()).succeeds();
    assertTrue(check.out().contains("stored    32x32 as JPEG of quality 95, lossy"));
    Program use = pretrain();
    assertTrue(
        use.err().getFirst().startsWith("note: the images in " + file() + " are stored as JPEG"),
        use.err().toString());
  }

  @Test
  void anotherSizeIsRefused() throws IOException {
    pack("--side", "16").succeeds();
    String sentence =
        Program.run("run", "--data", "pack", "--data-dir", file(), "--out", dir + "/out").fails(1);
    assertTrue(sentence.contains("holds images of 16x16, but 32x32 are needed"), sentence);
    assertTrue(sentence.contains("fit it with --side 16"), sentence);
  }

  @Test
  void aNetworkIsFittedToTheSideOfThePack() throws IOException {
    pack("--side", "36").succeeds();
    Program run = pretrain("--side", "36").succeeds();
    assertTrue(run.err().stream().anyMatch(line -> line.endsWith("36x36 pixels")), "its side");
    String sentence = pretrain("--side", "40").fails(1);
    assertTrue(sentence.contains("holds images of 36x36, but 40x40 are needed"), sentence);
  }

  @Test
  void theHintNamesTheNetworkOfTheImages() throws IOException {
    assertEquals(
        "  use it    ./fasthebb run --data pack --data-dir " + file(),
        pack().succeeds().out().getLast());
    Files.delete(Path.of(file()));
    assertEquals(
        "  use it    ./fasthebb run --data pack --data-dir " + file() + " --architecture imagenet",
        pack("--side", "210").succeeds().out().getLast());
  }

  @Test
  void theHintFitsANetworkToOtherSides() throws IOException {
    assertEquals(
        "  use it    ./fasthebb run --data pack --data-dir " + file() + " --side 36",
        pack("--side", "36").succeeds().out().getLast());
  }

  @Test
  void tablesOfAPackOfImageNetTakeItsNetwork() throws IOException {
    byte[] image;
    try (Stream<Path> files = Files.walk(Path.of(images()))) {
      image = Files.readAllBytes(files.filter(Files::isRegularFile).findFirst().orElseThrow());
    }
    Path archives = Files.createDirectory(dir.resolve("archives"));
    new MadeImageNet(2, 2, 1, List.of(image)).writeArchives(archives);
    String[] table = {
      "table2", "--data", "pack", "--data-dir", file(), "--methods", "hpca,softhebb"
    };
    pack(archives, "--data", "imagenet", "--side", "210").succeeds();
    String sentence = Program.run(table).fails(2);
    assertTrue(sentence.contains("networks for images of different sizes"), sentence);
    pack(archives, "--data", "imagenet", "--side", "48").fails(1);
    Files.delete(Path.of(file()));
    pack(archives, "--data", "imagenet", "--side", "48").succeeds();
    sentence = Program.run(table).fails(1);
    assertTrue(sentence.contains("holds images of 48x48, but 32x32 are needed"), sentence);
  }

  @Test
  void damageIsListed() throws IOException {
    pack().succeeds();
    Path shard = Path.of(file() + ".test.000");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[5]++;
    Files.write(shard, bytes);
    Program check = Program.run("data", "check", file());
    assertEquals(1, check.code());
    assertEquals("problems  1", check.out().get(6));
    assertTrue(check.out().get(7).startsWith("  " + shard + ": the record of "));
    Files.delete(shard);
    String sentence =
        Program.run("run", "--data", "pack", "--data-dir", file(), "--out", dir + "/out").fails(1);
    assertTrue(sentence.contains(shard + " is missing; copy the pack again"), sentence);
  }
}
