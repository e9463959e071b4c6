package questionnaire

import "slices"

// Files lists the uploads of an answer, of a row of it when row is not empty.
func (v Value) Files(row string) []string {
	if row == "" {
		return v.Many
	}
	r, _ := v.Row(row)
	return r.Cells[fileCell].Many
}

// AllFiles lists every upload of an answer.
func (v Value) AllFiles() []string {
	all := slices.Clone(v.Many)
	for _, r := range v.Rows {
		all = append(all, r.Cells[fileCell].Many...)
	}
	return all
}

// WithFile gives the answer with one upload more.
func (v Value) WithFile(row, file string) Value {
	if row == "" {
		return Value{Many: append(slices.Clone(v.Many), file)}
	}
	out := Value{Rows: slices.Clone(v.Rows)}
	files := append(slices.Clone(v.Files(row)), file)
	fresh := Row{row, map[string]Value{fileCell: {Many: files}}}
	if i := slices.IndexFunc(out.Rows, func(r Row) bool { return r.Key == row }); i >= 0 {
		out.Rows[i] = fresh
		return out
	}
	out.Rows = append(out.Rows, fresh)
	return out
}

// WithoutFile gives the answer with one upload less.
func (v Value) WithoutFile(file string) Value {
	out := Value{Many: slices.DeleteFunc(slices.Clone(v.Many), func(f string) bool { return f == file })}
	for _, r := range v.Rows {
		left := slices.DeleteFunc(slices.Clone(r.Cells[fileCell].Many), func(f string) bool { return f == file })
		if len(left) > 0 {
			out.Rows = append(out.Rows, Row{r.Key, map[string]Value{fileCell: {Many: left}}})
		}
	}
	return out
}
