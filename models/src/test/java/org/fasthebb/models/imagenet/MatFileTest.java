package org.fasthebb.models.imagenet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.InflaterInputStream;
import org.fasthebb.testing.MadeImageNet;
import org.junit.jupiter.api.Test;

class MatFileTest {
  /**
   * By SciPy's savemat, compressed: an array "other", and structures "synsets" with the fields of
   * the development kit.
   */
  private static final String SCIPY =
      """
      TUFUTEFCIDUuMCBNQVQtZmlsZSBQbGF0Zm9ybTogcG9zaXgsIENyZWF0ZWQgb246IFN1biBOb3YgMjkgMTA6MDU6
      MjkgMjAyNgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABSU0PAAAA
      MAAAAHic42NgYAgAYjYg5oDSIMAK5TMCMTOUBonll2SkFgFpTiCWYEAHH+yhDAcAiwQEPA8AAAC1AQAAeJztlU1K
      AzEUx6OtH0UoutKNmAMozIfYurKgCwsiRUGXQ5yJM9GZRJJptTdw58ZLeAvBC9UbmDhRp6Ey0uBKHzzCe8Pvn7zw
      J9MEAMAGAPNyXZQ5C4qY03Vd5ozOBZliSAXOhfxeByu6fy+ze3R6drLvOa4XdA+UwPlxsX7GLeORKDfilImxBu1n
      QZiQNOKYvjfGig8NivMgwSROco3kHBEakAzFWICmbLbB1zzzxjwzpVTR0P0iRnuK75T4+gS+UeKXdU0dz3V3W+1d
      3Vc6hxU6a4aOqq9JDi/Z3SY866c3WMAMhZzlRPzkXE1DT9UiQ2kKY46HShZY3k/BOxU8MPgPznbfqfneY8eKf+ad
      6X3hu95Oy2l9M8cknTlDR9UhRxRrvlfBrxu8qlNymQuIaAQzNpC+SjAaDCG7uMJhLmzvF/xRX6y+WvhCvZXt7fJ7
      8du+2DB4KDNFPMYwZTTeoji8xhG8RRGhMbwgPIIvT/++mII/fLDxheu2fd8vzeFU6NTGdGpAPfQ/2X/J2F/VIeKU
      DBhnfWF/j/II5jkm8bMGv/yJj/beF/3+2v7Xbfz0BtEMdxY=
      """;

  private static final String DAMAGED = "it is no MATLAB 5 file, or damaged";

  private static final Set<String> FIELDS = Set.of("ILSVRC2012_ID", "WNID", "num_children");

  private static byte[] scipy() {
    return Base64.getMimeDecoder().decode(SCIPY);
  }

  @Test
  void readsWhatSciPyWrote() throws IOException {
    List<Map<String, Object>> synsets =
        MatFile.structures(scipy(), "synsets", Set.of("ILSVRC2012_ID", "words", "num_children"));
    assertEquals(
        List.of(
            Map.of("ILSVRC2012_ID", 1.0, "words", "kit fox, Vulpes macrotis", "num_children", 0.0),
            Map.of("ILSVRC2012_ID", 300.0, "words", "crane", "num_children", 0.0),
            Map.of("ILSVRC2012_ID", 70_000.0, "words", "crane", "num_children", 0.0),
            Map.of("ILSVRC2012_ID", 1001.0, "words", "fox", "num_children", 2.0)),
        synsets);
    assertEquals(
        "large long-necked wading bird \u00e9",
        MatFile.structures(scipy(), "synsets", Set.of("gloss")).get(2).get("gloss"));
  }

  @Test
  void saysWhatIsMissing() {
    var error = assertThrows(IOException.class, () -> MatFile.structures(scipy(), "other", FIELDS));
    assertEquals("it has no structures 'other'", error.getMessage());
    error =
        assertThrows(
            IOException.class, () -> MatFile.structures(scipy(), "synsets", Set.of("colour")));
    assertEquals(
        "its structures have the fields [ILSVRC2012_ID, WNID, words, gloss, num_children, children,"
            + " wordnet_height, num_train_images], but need [colour]",
        error.getMessage());
  }

  @Test
  void damageIsReportedAsSuch() {
    byte[] file = scipy();
    for (int length = 0; length < file.length; length += 5) {
      byte[] cut = Arrays.copyOf(file, length);
      var error = assertThrows(IOException.class, () -> MatFile.structures(cut, "synsets", FIELDS));
      assertEquals(
          length == 128 || length == 128 + 56 ? "it has no structures 'synsets'" : DAMAGED,
          error.getMessage(),
          "cut at " + length);
    }
  }

  /** Not compressed, so that damage reaches the parser. */
  @Test
  void noDamageIsWorseThanAnIoException() throws IOException {
    byte[] packed = new MadeImageNet(3, 1, 1, List.of()).metaMat();
    var zipped = new ByteArrayInputStream(packed, 136, packed.length - 136);
    byte[] matrix = new InflaterInputStream(zipped).readAllBytes();
    byte[] file = Arrays.copyOf(packed, 128 + matrix.length);
    System.arraycopy(matrix, 0, file, 128, matrix.length);
    assertEquals(4, MatFile.structures(file, "synsets", FIELDS).size());
    for (int i = 124; i < file.length; i++) {
      for (int value : new int[] {0, 1, 14, 15, 0x7f, 0x80, 0xff}) {
        byte[] damaged = file.clone();
        damaged[i] = (byte) value;
        try {
          MatFile.structures(damaged, "synsets", FIELDS);
        } catch (IOException e) {
          assertTrue(e.getMessage().startsWith("it"), e.getMessage());
        }
      }
    }
  }
}
