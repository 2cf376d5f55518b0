package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.fasthebb.testing.MadeImageNet;
import org.fasthebb.tools.console.ByteProgress;
import org.fasthebb.tools.console.TerminalWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataCommandTest {
  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "data get, 'NAME'",
    "data get mnist, 'cifar10, cifar100, tiny-imagenet'",
    "data get cifar10 --url ftp://host/, 'https://host/folder'",
    "data get cifar10 --url folder, 'https://host/folder'",
    "data check, 'DIR'",
  })
  void usage(String command, String expected) {
    String sentence = Program.run(command.split(" ")).fails(2);
    assertTrue(sentence.contains(expected), sentence);
  }

  @Test
  void whatIsThereIsChecked() throws IOException {
    String[] command = {"data", "get", "cifar100", "--data-dir", dir.toString()};
    Path folder = Files.createDirectory(dir.resolve("cifar-100-binary"));
    Path other = Files.writeString(folder.resolve("notes.txt"), "");
    String sentence = Program.run(command).fails(1);
    assertTrue(sentence.contains(folder + " is there already, but is no whole cifar100"), sentence);
    assertTrue(sentence.endsWith("; move it away and run the same command again."), sentence);
    Files.delete(other);
    Files.write(
        folder.resolve("fine_label_names.txt"),
        IntStream.range(0, 100).mapToObj(label -> "class" + label).toList());
    zeros(folder.resolve("train.bin"), 50_000 * 3074);
    zeros(folder.resolve("test.bin"), 10_000 * 3074 - 1);
    sentence = Program.run(command).fails(1);
    assertTrue(sentence.contains("is no whole cifar100 (" + folder.resolve("test.bin")), sentence);
    zeros(folder.resolve("test.bin"), 10_000 * 3074);
    Program get = Program.run(command).succeeds();
    assertEquals(
        folder + " is there already and whole; nothing was downloaded", get.out().getFirst());
  }

  private static void zeros(Path file, long size) throws IOException {
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(size);
    }
  }

  @Test
  void failsInOneSentence() {
    Program get =
        Program.run(
            "data",
            "get",
            "cifar10",
            "--url",
            "http://localhost:1/x",
            "--data-dir",
            dir.toString());
    assertTrue(
        get.fails(1).contains("http://localhost:1/x/cifar-10-binary.tar.gz cannot be reached"));
  }

  @Test
  void checksFolders() throws IOException {
    TinyImages.write(dir, 3, 2);
    assertEquals(
        List.of(
            "folder    " + dir,
            "layout    folder",
            "classes   2",
            "train     6 images, 3 per class, 32x32",
            "test      4 images, 2 per class, 32x32",
            "problems  none"),
        Program.run("data", "check", dir.toString()).succeeds().out());
  }

  @Test
  void notesClassesWithoutTestImages() throws IOException {
    TinyImages.write(dir, 3, 2);
    for (String name : List.of("1000.png", "1001.png", "")) {
      Files.delete(dir.resolve("test/left/" + name));
    }
    List<String> out = Program.run("data", "check", dir.toString()).succeeds().out();
    assertEquals(
        List.of(
            "      3      0  left",
            "note      no test images, so a test says nothing of 1 class",
            "  left",
            "problems  none"),
        out.subList(out.size() - 4, out.size()));
  }

  @Test
  void countsWhatIsLeftOut() throws IOException {
    TinyImages.write(dir, 3, 2);
    Path class0 = dir.resolve("train/left");
    Path more = Files.createDirectory(class0.resolve("more"));
    for (int i = 1; i < 3; i++) {
      Files.move(class0.resolve(i + ".png"), more.resolve(i + ".png"));
    }
    Files.writeString(class0.resolve("x.webp"), "");
    assertEquals(
        List.of(
            "left out  3 files",
            "  train/left: format is not read (1), as x.webp",
            "  train/left: in a sub-folder (2), as more/1.png",
            "problems  none"),
        Program.run("data", "check", dir.toString()).succeeds().out().subList(8, 12));
    String note =
        "note: 3 files in %s are left out: in a sub-folder (2), format is not read (1)."
            .formatted(dir);
    for (String command : List.of("run", "pretrain")) {
      String folder = dir.resolve("out-" + command).toString();
      // Too few images to go on; the note comes first.
      Program run = Program.onFolder(dir.toString(), command, "--epochs", "0", "--out", folder);
      assertEquals(
          1,
          run.err().stream().filter(line -> line.startsWith(note)).count(),
          run.err().toString());
    }
  }

  private static MadeImageNet made() throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      BufferedImage image = new BufferedImage(40, 36, BufferedImage.TYPE_INT_RGB);
      image.setRGB(i, i, 0xffffff);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(image, "png", out);
      files.add(out.toByteArray());
    }
    return new MadeImageNet(3, 12, 2, files);
  }

  /** For this data the paper's network is the large one, which needs large images. */
  @Test
  void imageNetHasItsOwnNetwork() throws IOException {
    made().writeArchives(dir);
    String[] run = {"run", "--data", "imagenet", "--data-dir", dir.toString(), "--side", "32"};
    String sentence = Program.run(run).fails(1);
    assertTrue(sentence.contains("too small for the network imagenet"), sentence);
  }

  @Test
  void checksImageNet() throws IOException {
    made().writeArchives(dir);
    assertEquals(
        List.of(
            "folder    " + dir,
            "layout    imagenet (archives)",
            "classes   3",
            "train     36 images, 12 per class, 40x36",
            "test      6 images, 2 per class, 40x36",
            "problems  none"),
        Program.run("data", "check", dir.toString()).succeeds().out());
    Files.delete(dir.resolve("ILSVRC2012_img_val.tar"));
    Program check = Program.run("data", "check", dir.toString());
    assertEquals(1, check.code());
    assertTrue(check.out().getLast().contains("lacks ILSVRC2012_img_val.tar"));
  }

  /** A part of ImageNet is learned, and refused to a model of all of it. */
  @Test
  void trainsOnAPart() throws IOException {
    made().writeArchives(dir);
    Path out = dir.resolve("out");
    String[] command = {
      "pretrain",
      "--data",
      "imagenet",
      "--data-dir",
      dir.toString(),
      "--classes",
      "2",
      "--per-class",
      "10",
      "--architecture",
      "small",
      "--epochs",
      "1",
      "--batch",
      "8",
      "--out",
      out.toString()
    };
    Program run = Program.run(command).succeeds();
    String data = "data: imagenet, 20 training images and 4 test images of 2 classes, 32x32 pixels";
    assertTrue(run.err().contains(data), run.err().toString());
    String report = Files.readString(out.resolve("pretrained.html"));
    assertTrue(report.contains("--classes 2 --per-class 10"), "the command line");
    command[6] = "3";
    String sentence = Program.run(command).fails(1);
    assertTrue(sentence.contains("data"), sentence);
    command[6] = "4";
    assertTrue(Program.run(command).fails(1).contains("imagenet has 3 classes, but 4 were asked"));
  }

  @ParameterizedTest
  @CsvSource({
    "--side 30, '--side goes with --data tiny-imagenet, folder, unlabelled, imagenet and pack'",
    "--classes 1, '--classes is 1; it must be at least 2'",
    "--per-class 0, '--per-class is 0; it must be at least 1'",
    "--data imagenet, '--data imagenet needs --data-dir'",
    "--data cifar10 --data-dir x --train-images 5, '--per-class takes a part of any data set'",
  })
  void optionsForParts(String options, String expected) {
    String sentence = Program.run(("run " + options).split(" ")).fails(2);
    assertTrue(sentence.contains(expected), sentence);
  }

  @Test
  void orientationIsForFolders() {
    String sentence = Program.run("run", "--orientation", "stored").fails(2);
    assertTrue(
        sentence.contains("--orientation goes with --data folder and unlabelled only"), sentence);
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    TinyImages.write(dir, 3, 2);
    Path bad = Files.writeString(dir.resolve("train/left/0.png"), "no image");
    Program check = Program.run("data", "check", dir.toString());
    assertEquals(1, check.code());
    assertEquals(
        List.of(
            "train     5 images, 2 to 3 per class, 32x32",
            "test      4 images, 2 per class, 32x32",
            "  train   test  class",
            "      3      2  above",
            "      2      2  left",
            "problems  1"),
        check.out().subList(3, 9));
    assertTrue(check.out().get(9).startsWith("  " + bad + " cannot be read as an image"));
    String sentence = Program.run("data", "check", dir.resolve("test").toString()).fails(1);
    assertTrue(sentence.contains("holds no data set"), sentence);
  }

  @Test
  void progressInBytes() {
    StringWriter err = new StringWriter();
    long[] nanos = new long[1];
    try (ByteProgress progress = new ByteProgress(new TerminalWriter(err), false, () -> nanos[0])) {
      for (int second = 1; second <= 10; second++) {
        nanos[0] += 1_000_000_000;
        progress.step("downloading", 5_000_000L * second, 100_000_000);
      }
      progress.message("hello");
      nanos[0] += 10_000_000_000L;
      progress.step("downloading", 60_000_000, 0);
    }
    assertEquals(
        List.of(
            "downloading  50.0 of 100.0 MB  5.0 MB/s  0:10 left", "hello", "downloading  60.0 MB"),
        err.toString().lines().toList());
  }
}
