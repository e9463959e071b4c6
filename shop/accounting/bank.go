package accounting

import (
	"errors"
	"fmt"
	"mime"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/payments/bank"
	"joetz/payments/reconcile"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

const bankPath = "/boekhouding/bank"

// filesListed is how many imported files the bank's page shows; older ones are found through their movements.
const filesListed = 30

// ShowBank is where bank files come in.
func (h *Handlers) ShowBank(c *fiber.Ctx) error {
	p, err := h.bankPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, accounting.Bank(p))
}

func (h *Handlers) bankPage(c *fiber.Ctx) (accounting.BankPage, error) {
	p := accounting.BankPage{Page: page(c, "bank.title")}
	p.Width, p.Sample = layout.Broad, h.Sample
	now, err := h.Bank.Overview(c.UserContext())
	if err != nil {
		return p, err
	}
	p.LastOn, p.Balance, p.Before, p.Waiting, p.In, p.Out, p.Gaps, p.Twice = now.LastOn, now.Balance, now.Before, now.Waiting, now.In, now.Out, now.Gaps, now.Twice
	files, err := h.Bank.Files(c.UserContext(), filesListed)
	for _, f := range files {
		p.Files = append(p.Files, bankFile(p.Page, f))
	}
	return p, err
}

func bankFile(p layout.Page, f reconcile.File) accounting.BankFile {
	return accounting.BankFile{Href: filePath(f.ID), Name: f.Name, Kind: p.T("bank.kind." + string(f.Kind)), ReadAt: f.ImportedAt, By: f.By,
		Movements: f.Movements, Waiting: f.Waiting}
}

func filePath(file id.BankFile) string { return fmt.Sprintf("%s/bestanden/%d", bankPath, file) }

type uploadForm struct {
	File web.File `form:"bestand" validate:"required"`
}

// UploadBank takes in a bank file, or says what is wrong with it.
func (h *Handlers) UploadBank(c *fiber.Ctx) error {
	in, err := web.Form[uploadForm](c)
	var result reconcile.Result
	if err == nil {
		result, err = h.Bank.Import(c.UserContext(), reconcile.Upload{Name: fileName(in.File.Name), Data: in.File.Bytes, By: web.Who(c).StaffID})
	}
	if problems := web.Problems(c, err); problems != nil {
		p, pageErr := h.bankPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.Errors, p.Failed, p.Refused = problems, true, refused(p.Page, in.File.Name, err)
		if p.Refused != nil { // what is wrong stands above the page, and that it is wrong beside the field
			p.Errors = ui.Errors{{Field: "bestand", Text: p.T("bank.fault.refused")}}
		}
		return web.RenderAgain(c, accounting.Bank(p))
	}
	if err != nil {
		return err
	}
	if result.Repeated {
		web.SetFlash(c, layout.Info, "bank.upload.repeated")
	} else {
		sayRead(c, fileName(in.File.Name), result)
	}
	return web.SeeOther(c, filePath(result.File))
}

// sayRead says what became of a file: how much found its booking by itself, and what waits for a person.
func sayRead(c *fiber.Ctx, name string, r reconcile.Result) {
	p, matched, waiting := web.Page(c), 0, 0
	for _, s := range r.Statements {
		matched, waiting = matched+s.Matched, waiting+s.Suspended
	}
	switch {
	case matched+waiting == 0:
		web.SetFlash(c, layout.Info, "bank.upload.nothing", name)
	case waiting == 0:
		web.SetFlash(c, layout.Good, "bank.upload.all", name, p.N("bank.now.movements", matched))
	default:
		web.SetFlashLink(c, layout.Good, bankPath+"/wachtend", "bank.upload.to_waiting", "bank.upload.done",
			name, strconv.Itoa(matched), strconv.Itoa(matched+waiting), p.N("bank.upload.wait", waiting))
	}
}

// fileName is the last part of what a browser calls the file; some send the whole path.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.TrimSpace(name), `\`, "/"))
	if len(name) > 200 {
		name = name[:200]
	}
	return strings.ToValidUTF8(name, "")
}

// refused says why a file was not taken in; nil when err is about something else.
func refused(p layout.Page, name string, err error) *accounting.RefusedFile {
	var refusal *reconcile.Refusal
	if !errors.As(err, &refusal) {
		return nil
	}
	unfit := slices.DeleteFunc(slices.Clone(refusal.Problems), func(x bank.Problem) bool { return !x.Unfit })
	return &accounting.RefusedFile{Name: fileName(name), Problems: problems(p, unfit)}
}

// problemsShown keeps a file that is wrong in every line from filling the page.
const problemsShown = 20

func problems(p layout.Page, all []bank.Problem) (shown []accounting.Problem) {
	for _, x := range all[:min(len(all), problemsShown)] {
		args := make([]any, len(x.Args))
		for i, a := range x.Args {
			args[i] = asRead(p, a)
		}
		shown = append(shown, accounting.Problem{Line: x.Line, Text: p.T("bank.problem."+x.Code, args...)})
	}
	return shown
}

// plainAmount is how a reader names an amount: 12 or 15 digits of a file, with a point.
var plainAmount = regexp.MustCompile(`^(-?)(\d{1,13})\.(\d\d)0?$`)

// asRead writes an amount or a day that a problem names as people read it; parts of a cent stay as the file has them.
func asRead(p layout.Page, text string) string {
	if d, err := civil.Parse(text); err == nil {
		return p.DatePlain(d)
	}
	m := plainAmount.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	n, _ := strconv.ParseInt(m[2]+m[3], 10, 64) // at most fifteen digits
	if m[1] != "" {
		n = -n
	}
	return p.MoneyExact(money.Cents(n))
}

// ShowBankFile is one imported file: its statements, what was left out, what the bank got wrong.
func (h *Handlers) ShowBankFile(c *fiber.Ctx) error {
	d, err := h.Bank.FileByID(c.UserContext(), fileOf(c))
	if err != nil {
		return err
	}
	p := accounting.BankFilePage{Page: page(c, "bank.title"), Original: filePath(d.ID) + "/origineel", Warnings: problems(web.Page(c), d.Warnings)}
	p.BankFile = bankFile(p.Page, d.File)
	p.Title, p.Width = p.T("bank.file.title", d.Name), layout.Broad
	p.Back = &layout.Link{Href: bankPath, Text: p.T("bank.title")}
	for _, s := range d.Rows {
		p.Statements = append(p.Statements, accounting.BankStatement{Href: statementPath(s.ID), Number: s.Number, Account: account(s.Account), On: s.ClosedOn,
			Opening: s.Opening, Closing: s.Closing, Movements: s.Movements, Waiting: s.Waiting, Gap: s.Gap, Twice: s.Twice})
	}
	for _, s := range d.Skips {
		p.Skips = append(p.Skips, accounting.BankSkip{Number: s.Number, On: s.ClosedOn, Why: s.Why})
	}
	return web.Render(c, accounting.File(p))
}

// fileOf is the file that the address names; 0, which is none, when it names nothing.
func fileOf(c *fiber.Ctx) id.BankFile {
	key, _ := strconv.ParseInt(c.Params("file"), 10, 64)
	return id.BankFile(key)
}

func statementPath(statement int64) string {
	return fmt.Sprintf("%s/bewegingen?afschrift=%d", bankPath, statement)
}

// account is an account number as people read it.
func account(number string) string {
	if iban, err := bank.ParseIBAN(number); err == nil {
		return iban.String()
	}
	return number
}

// DownloadBankFile is the file as it came.
func (h *Handlers) DownloadBankFile(c *fiber.Ctx) error {
	name, content, err := h.Bank.Original(c.UserContext(), fileOf(c))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEOctetStream)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	return c.Send(content)
}
