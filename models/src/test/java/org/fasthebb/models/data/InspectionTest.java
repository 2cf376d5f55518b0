package org.fasthebb.models.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.fasthebb.models.data.Inspection.Size;
import org.fasthebb.models.data.PassedOver.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {
  @TempDir Path dir;

  @Test
  void tinyImageNetAndItsParent() throws IOException {
    Path tiny = TinyFiles.write(dir);
    for (Path folder : List.of(tiny, dir)) {
      Inspection found = one(folder);
      assertEquals("tiny-imagenet", found.layout());
      assertEquals(tiny, found.home());
      assertEquals(List.of(2, 1), found.train().counts());
      assertEquals(List.of(1, 2), found.test().counts());
      assertEquals(3, found.test().images());
      assertEquals(Map.of(new Size(64, 64), 3), found.train().sizes());
      assertEquals(List.of(), found.problems());
    }
  }

  @Test
  void allProblemsOfTinyImageNet() throws IOException {
    Path tiny = TinyFiles.write(dir);
    Files.writeString(tiny.resolve("train/n02/images/n02_1.JPEG"), "no image");
    Files.delete(tiny.resolve("train/n01/images/n01_0.JPEG"));
    Files.delete(tiny.resolve("val/images/val_0.JPEG"));
    Files.delete(tiny.resolve("words.txt"));
    Inspection found = one(tiny);
    assertEquals(List.of(1, 0), found.train().counts());
    assertEquals(List.of("n02", "n01"), found.train().classes());
    assertProblems(
        found,
        "words.txt is missing",
        "n01/images has no images",
        "val_0.JPEG is missing",
        "n02_1.JPEG cannot be read");
    Files.delete(tiny.resolve("val/val_annotations.txt"));
    assertProblems(
        one(tiny),
        "words.txt is missing",
        "n01/images has no images",
        "val_annotations.txt is missing",
        "n02_1.JPEG cannot be read");
    Files.delete(tiny.resolve("wnids.txt"));
    assertProblems(one(tiny.getParent()), "wnids.txt is missing");
  }

  /** Sparse files: all labels are 0. */
  private static void zeros(Path file, long bytes) throws IOException {
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(bytes);
    }
  }

  @Test
  void cifar10WithLabelsOutOfRangeAndMissingFiles() throws IOException {
    for (int i = 1; i <= 4; i++) {
      zeros(dir.resolve("data_batch_" + i + ".bin"), 30_730_000);
    }
    try (var out = new RandomAccessFile(dir.resolve("data_batch_2.bin").toFile(), "rw")) {
      out.write(10);
      out.seek(3073);
      out.write(11);
    }
    zeros(dir.resolve("test_batch.bin"), 30_730_000 - 1);
    Inspection found = one(dir);
    assertEquals("cifar10", found.layout());
    assertEquals(39_998, found.train().counts().getFirst());
    assertEquals(Map.of(new Size(32, 32), 39_998), found.train().sizes());
    assertEquals("airplane", found.train().classes().getFirst());
    assertEquals(0, found.test().images());
    assertProblems(
        found,
        "data_batch_2.bin has label 10 in record 0",
        "data_batch_2.bin has label 11 in record 1",
        "data_batch_5.bin is missing",
        "test_batch.bin should have 30730000 bytes");
  }

  @Test
  void cifar100WithoutNames() throws IOException {
    zeros(dir.resolve("train.bin"), 50_000L * 3074);
    zeros(dir.resolve("test.bin"), 10_000L * 3074);
    Inspection found = one(dir);
    assertEquals("cifar100", found.layout());
    assertEquals(50_000, found.train().images());
    assertEquals(
        Collections.nCopies(100, 0).subList(1, 100), found.test().counts().subList(1, 100));
    assertEquals("99", found.test().classes().getLast());
    assertProblems(found, "fine_label_names.txt is missing");
  }

  @Test
  void foldersOfImages() throws IOException {
    Path tiny = TinyFiles.write(dir);
    Path plain = Files.createDirectories(dir.resolve("plain"));
    for (String file : List.of("train/cat/0.jpg", "train/dog/0.jpg", "test/cat/0.jpg")) {
      Files.createDirectories(plain.resolve(file).getParent());
      Files.copy(tiny.resolve("val/images/val_0.JPEG"), plain.resolve(file));
    }
    Inspection found = one(plain);
    assertEquals("folder", found.layout());
    assertEquals(List.of(1, 1), found.train().counts());
    assertEquals(List.of(1, 0), found.test().counts());
    assertEquals(List.of(), found.problems());
    Files.createDirectories(plain.resolve("test/bird"));
    Files.writeString(plain.resolve("train/dog/0.jpg"), "no image");
    assertProblems(one(plain), "bird is a class that", "0.jpg cannot be read");
    Files.move(plain.resolve("train"), plain.resolve("elsewhere"));
    assertProblems(one(plain), "has no folder train");
  }

  @Test
  void filesLeftOutByFolderAndReason() throws IOException {
    Path image = TinyFiles.write(dir).resolve("val/images/val_0.JPEG");
    Path plain = dir.resolve("plain");
    for (String file :
        List.of(
            "loose.jpg",
            "train/loose.jpg",
            "train/cat/0.jpg",
            "train/cat/more/0.jpg",
            "train/cat/more/deeper/1.jpg",
            "train/.cache/0.jpg",
            "train/dog/0",
            "test/cat/0.jpg",
            "val/cat/0.jpg")) {
      Files.createDirectories(plain.resolve(file).getParent());
      Files.copy(image, plain.resolve(file));
    }
    Files.writeString(plain.resolve("readme.txt"), "beside the data: not counted");
    Files.writeString(plain.resolve("train/labels.csv"), "a,b");
    Files.writeString(plain.resolve("train/cat/a.webp"), "only the name says so");
    Files.writeString(plain.resolve("train/cat/b.bin"), "....ftypheic.... by its bytes");
    Files.writeString(plain.resolve("train/cat/notes.txt"), "text");
    Files.writeString(plain.resolve("train/cat/.DS_Store"), "");
    Files.createSymbolicLink(plain.resolve("train/dog/1.jpg"), Path.of("nowhere.jpg"));
    Files.createSymbolicLink(plain.resolve("train/owl"), Path.of("nowhere"));
    // Its two images, the link to nothing in it, and not the loop.
    Path linked =
        Files.createSymbolicLink(plain.resolve("train/dog/linked"), Path.of("../cat/more"));
    Files.createSymbolicLink(linked.resolve("lost.jpg"), Path.of("nowhere.jpg"));
    Files.createSymbolicLink(linked.resolve("loop"), Path.of("."));
    Inspection found = one(plain);
    assertEquals(List.of(1, 1), found.train().counts());
    assertEquals(List.of(), found.problems());
    Path train = plain.resolve("train");
    Path cat = train.resolve("cat");
    assertEquals(
        List.of(
            new PassedOver(plain, Reason.LOOSE, 1, "loose.jpg"),
            new PassedOver(plain, Reason.BESIDE_TEST, 1, "val/cat/0.jpg"),
            new PassedOver(train, Reason.LOOSE, 1, "loose.jpg"),
            new PassedOver(train, Reason.LINK, 1, "owl"),
            new PassedOver(train, Reason.HIDDEN, 1, ".cache"),
            new PassedOver(train, Reason.NO_IMAGE, 1, "labels.csv"),
            new PassedOver(cat, Reason.FORMAT, 2, "a.webp"),
            new PassedOver(cat, Reason.SUB_FOLDER, 3, "more/0.jpg"),
            new PassedOver(cat, Reason.HIDDEN, 1, ".DS_Store"),
            new PassedOver(cat, Reason.NO_IMAGE, 1, "notes.txt"),
            new PassedOver(train.resolve("dog"), Reason.SUB_FOLDER, 3, "linked/0.jpg"),
            new PassedOver(train.resolve("dog"), Reason.LINK, 1, "1.jpg")),
        found.passedOver());
  }

  /** Java cannot open a file again by the name that it shows for such bytes. */
  @Test
  void aNameThatIsNoText() throws Exception {
    Path image = TinyFiles.write(dir).resolve("val/images/val_0.JPEG");
    Path plain = dir.resolve("plain");
    for (String file : List.of("train/cat/0.jpg", "test/cat/0.jpg")) {
      Files.createDirectories(plain.resolve(file).getParent());
      Files.copy(image, plain.resolve(file));
    }
    String copy = "cp " + plain + "/test/cat/0.jpg " + plain + "/train/cat/$(printf '\\374').jpg";
    assumeTrue(new ProcessBuilder("sh", "-c", copy).start().waitFor() == 0);
    String problem = one(plain).problems().getFirst();
    assertTrue(problem.contains("its name has bytes that are no letters in "), problem);
  }

  @Test
  void classesOfTinyImageNetThatAreLeftOut() throws IOException {
    Path tiny = TinyFiles.write(dir);
    String id = Files.readAllLines(tiny.resolve("wnids.txt")).getFirst();
    Files.writeString(tiny.resolve("wnids.txt"), id);
    Inspection found = one(tiny);
    assertEquals(List.of(), found.problems());
    assertEquals(
        List.of(Reason.OTHER_CLASS, Reason.OTHER_CLASS),
        found.passedOver().stream().map(PassedOver::reason).toList());
    assertEquals(
        List.of(tiny.resolve("train"), tiny.resolve("val/images")),
        found.passedOver().stream().map(PassedOver::folder).toList());
  }

  @Test
  void anUnreadableClassIsAProblemLikeOthers() throws IOException {
    Path image = TinyFiles.write(dir).resolve("val/images/val_0.JPEG");
    Path plain = dir.resolve("plain");
    for (String file : List.of("train/cat/0.jpg", "train/dog/0.jpg", "test/cat/0.jpg")) {
      Files.createDirectories(plain.resolve(file).getParent());
      Files.copy(image, plain.resolve(file));
    }
    Path dog = plain.resolve("train/dog");
    assumeTrue(dog.toFile().setReadable(false) && !Files.isReadable(dog), "not for administrators");
    try {
      Inspection found = one(plain);
      assertEquals(
          List.of(
              dog + " cannot be listed (reading is not permitted); make it readable or remove it."),
          found.problems());
      assertEquals(List.of(1, 0), found.train().counts());
    } finally {
      assertTrue(dog.toFile().setReadable(true));
    }
  }

  @Test
  void severalDataSetsInOneFolder() throws IOException {
    TinyFiles.write(dir);
    Files.createDirectory(dir.resolve("cifar-100-binary"));
    assertEquals(
        List.of("cifar100", "tiny-imagenet"),
        Inspection.of(dir).stream().map(Inspection::layout).toList());
  }

  @Test
  void refusesWhatIsNoDataSet() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "");
    var error = assertThrows(DataException.class, () -> Inspection.of(dir));
    assertTrue(error.getMessage().startsWith(dir + " holds no data set"), error.getMessage());
    error = assertThrows(DataException.class, () -> Inspection.of(file));
    assertEquals(file + " is not a folder; check the name.", error.getMessage());
  }

  private static Inspection one(Path dir) {
    List<Inspection> found = Inspection.of(dir);
    assertEquals(1, found.size());
    return found.getFirst();
  }

  /** Each problem contains its text, in this order. */
  private static void assertProblems(Inspection found, String... texts) {
    assertEquals(texts.length, found.problems().size(), () -> found.problems().toString());
    for (int i = 0; i < texts.length; i++) {
      String problem = found.problems().get(i);
      assertTrue(problem.contains(texts[i]), problem);
      assertTrue(problem.endsWith("."), problem);
    }
  }
}
