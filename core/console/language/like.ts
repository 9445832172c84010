/** The same names with texts of another language: one missing, or one too many, does not compile. */
export type Like<Area> = Record<keyof Area, string>;
