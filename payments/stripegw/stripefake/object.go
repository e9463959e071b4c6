package stripefake

// The objects as Stripe writes them (API 2023-10-16). A field of type null is always null here; Stripe sends it, so we do.
type null = *struct{}

type metadata map[string]string

type session struct {
	ID                         string         `json:"id"`
	Object                     string         `json:"object"`
	AfterExpiration            null           `json:"after_expiration"`
	AllowPromotionCodes        null           `json:"allow_promotion_codes"`
	AmountSubtotal             int64          `json:"amount_subtotal"`
	AmountTotal                int64          `json:"amount_total"`
	AutomaticTax               automaticTax   `json:"automatic_tax"`
	BillingAddressCollection   null           `json:"billing_address_collection"`
	CancelURL                  string         `json:"cancel_url"`
	ClientReferenceID          *string        `json:"client_reference_id"`
	ClientSecret               null           `json:"client_secret"`
	Consent                    null           `json:"consent"`
	ConsentCollection          null           `json:"consent_collection"`
	Created                    int64          `json:"created"`
	Currency                   string         `json:"currency"`
	CurrencyConversion         null           `json:"currency_conversion"`
	CustomFields               []string       `json:"custom_fields"`
	CustomText                 customText     `json:"custom_text"`
	Customer                   null           `json:"customer"`
	CustomerCreation           string         `json:"customer_creation"`
	CustomerDetails            *customer      `json:"customer_details"`
	CustomerEmail              *string        `json:"customer_email"`
	ExpiresAt                  int64          `json:"expires_at"`
	Invoice                    null           `json:"invoice"`
	InvoiceCreation            null           `json:"invoice_creation"`
	Livemode                   bool           `json:"livemode"`
	Locale                     *string        `json:"locale"`
	Metadata                   metadata       `json:"metadata"`
	Mode                       string         `json:"mode"`
	PaymentIntent              *string        `json:"payment_intent"`
	PaymentLink                null           `json:"payment_link"`
	PaymentMethodCollection    string         `json:"payment_method_collection"`
	PaymentMethodConfiguration null           `json:"payment_method_configuration_details"`
	PaymentMethodOptions       struct{}       `json:"payment_method_options"`
	PaymentMethodTypes         []string       `json:"payment_method_types"`
	PaymentStatus              string         `json:"payment_status"`
	PhoneNumberCollection      map[string]any `json:"phone_number_collection"`
	RecoveredFrom              null           `json:"recovered_from"`
	SetupIntent                null           `json:"setup_intent"`
	ShippingAddressCollection  null           `json:"shipping_address_collection"`
	ShippingCost               null           `json:"shipping_cost"`
	ShippingDetails            null           `json:"shipping_details"`
	ShippingOptions            []string       `json:"shipping_options"`
	Status                     string         `json:"status"`
	SubmitType                 null           `json:"submit_type"`
	Subscription               null           `json:"subscription"`
	SuccessURL                 string         `json:"success_url"`
	TotalDetails               totalDetails   `json:"total_details"`
	UIMode                     string         `json:"ui_mode"`
	URL                        *string        `json:"url"`
}

type automaticTax struct {
	Enabled   bool `json:"enabled"`
	Liability null `json:"liability"`
	Status    null `json:"status"`
}

type customText struct {
	AfterSubmit     null `json:"after_submit"`
	ShippingAddress null `json:"shipping_address"`
	Submit          null `json:"submit"`
	TermsOfService  null `json:"terms_of_service_acceptance"`
}

type totalDetails struct {
	AmountDiscount int64 `json:"amount_discount"`
	AmountShipping int64 `json:"amount_shipping"`
	AmountTax      int64 `json:"amount_tax"`
}

type customer struct {
	Address   *address `json:"address"`
	Email     *string  `json:"email"`
	Name      *string  `json:"name"`
	Phone     null     `json:"phone"`
	TaxExempt string   `json:"tax_exempt"`
	TaxIDs    []string `json:"tax_ids"`
}

type address struct {
	City       null   `json:"city"`
	Country    string `json:"country"`
	Line1      null   `json:"line1"`
	Line2      null   `json:"line2"`
	PostalCode null   `json:"postal_code"`
	State      null   `json:"state"`
}

type intent struct {
	ID                         string         `json:"id"`
	Object                     string         `json:"object"`
	Amount                     int64          `json:"amount"`
	AmountCapturable           int64          `json:"amount_capturable"`
	AmountDetails              map[string]any `json:"amount_details"`
	AmountReceived             int64          `json:"amount_received"`
	Application                null           `json:"application"`
	ApplicationFeeAmount       null           `json:"application_fee_amount"`
	AutomaticPaymentMethods    null           `json:"automatic_payment_methods"`
	CanceledAt                 *int64         `json:"canceled_at"`
	CancellationReason         *string        `json:"cancellation_reason"`
	CaptureMethod              string         `json:"capture_method"`
	ClientSecret               string         `json:"client_secret"`
	ConfirmationMethod         string         `json:"confirmation_method"`
	Created                    int64          `json:"created"`
	Currency                   string         `json:"currency"`
	Customer                   null           `json:"customer"`
	Description                *string        `json:"description"`
	Invoice                    null           `json:"invoice"`
	LastPaymentError           *payError      `json:"last_payment_error"`
	LatestCharge               *string        `json:"latest_charge"`
	Livemode                   bool           `json:"livemode"`
	Metadata                   metadata       `json:"metadata"`
	NextAction                 null           `json:"next_action"`
	OnBehalfOf                 null           `json:"on_behalf_of"`
	PaymentMethod              *string        `json:"payment_method"`
	PaymentMethodConfiguration null           `json:"payment_method_configuration_details"`
	PaymentMethodOptions       struct{}       `json:"payment_method_options"`
	PaymentMethodTypes         []string       `json:"payment_method_types"`
	Processing                 null           `json:"processing"`
	ReceiptEmail               null           `json:"receipt_email"`
	Review                     null           `json:"review"`
	SetupFutureUsage           null           `json:"setup_future_usage"`
	Shipping                   null           `json:"shipping"`
	StatementDescriptor        null           `json:"statement_descriptor"`
	StatementDescriptorSuffix  null           `json:"statement_descriptor_suffix"`
	Status                     string         `json:"status"`
	TransferData               null           `json:"transfer_data"`
	TransferGroup              null           `json:"transfer_group"`
}

type payError struct {
	Type    string `json:"type"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

type charge struct {
	ID                            string         `json:"id"`
	Object                        string         `json:"object"`
	Amount                        int64          `json:"amount"`
	AmountCaptured                int64          `json:"amount_captured"`
	AmountRefunded                int64          `json:"amount_refunded"`
	Application                   null           `json:"application"`
	ApplicationFee                null           `json:"application_fee"`
	ApplicationFeeAmount          null           `json:"application_fee_amount"`
	BalanceTransaction            *string        `json:"balance_transaction"`
	BillingDetails                billing        `json:"billing_details"`
	CalculatedStatementDescriptor null           `json:"calculated_statement_descriptor"`
	Captured                      bool           `json:"captured"`
	Created                       int64          `json:"created"`
	Currency                      string         `json:"currency"`
	Customer                      null           `json:"customer"`
	Description                   *string        `json:"description"`
	Disputed                      bool           `json:"disputed"`
	FailureBalanceTransaction     null           `json:"failure_balance_transaction"`
	FailureCode                   *string        `json:"failure_code"`
	FailureMessage                *string        `json:"failure_message"`
	FraudDetails                  struct{}       `json:"fraud_details"`
	Invoice                       null           `json:"invoice"`
	Livemode                      bool           `json:"livemode"`
	Metadata                      metadata       `json:"metadata"`
	OnBehalfOf                    null           `json:"on_behalf_of"`
	Outcome                       null           `json:"outcome"`
	Paid                          bool           `json:"paid"`
	PaymentIntent                 *string        `json:"payment_intent"`
	PaymentMethod                 string         `json:"payment_method"`
	PaymentMethodDetails          map[string]any `json:"payment_method_details"`
	ReceiptEmail                  null           `json:"receipt_email"`
	ReceiptNumber                 null           `json:"receipt_number"`
	ReceiptURL                    null           `json:"receipt_url"`
	Refunded                      bool           `json:"refunded"`
	Review                        null           `json:"review"`
	Shipping                      null           `json:"shipping"`
	SourceTransfer                null           `json:"source_transfer"`
	StatementDescriptor           null           `json:"statement_descriptor"`
	StatementDescriptorSuffix     null           `json:"statement_descriptor_suffix"`
	Status                        string         `json:"status"`
	TransferData                  null           `json:"transfer_data"`
	TransferGroup                 null           `json:"transfer_group"`
}

type billing struct {
	Address address `json:"address"`
	Email   *string `json:"email"`
	Name    *string `json:"name"`
	Phone   null    `json:"phone"`
}

type refund struct {
	ID                        string         `json:"id"`
	Object                    string         `json:"object"`
	Amount                    int64          `json:"amount"`
	BalanceTransaction        *string        `json:"balance_transaction"`
	Charge                    *string        `json:"charge"`
	Created                   int64          `json:"created"`
	Currency                  string         `json:"currency"`
	DestinationDetails        map[string]any `json:"destination_details"`
	FailureBalanceTransaction *string        `json:"failure_balance_transaction,omitempty"` // absent unless failed, as with Stripe
	FailureReason             *string        `json:"failure_reason,omitempty"`
	Metadata                  metadata       `json:"metadata"`
	PaymentIntent             *string        `json:"payment_intent"`
	Reason                    *string        `json:"reason"`
	ReceiptNumber             null           `json:"receipt_number"`
	SourceTransferReversal    null           `json:"source_transfer_reversal"`
	Status                    string         `json:"status"`
	TransferReversal          null           `json:"transfer_reversal"`
}

type movement struct {
	ID                string      `json:"id"`
	Object            string      `json:"object"`
	Amount            int64       `json:"amount"`
	AvailableOn       int64       `json:"available_on"`
	Created           int64       `json:"created"`
	Currency          string      `json:"currency"`
	Description       *string     `json:"description"`
	ExchangeRate      null        `json:"exchange_rate"`
	Fee               int64       `json:"fee"`
	FeeDetails        []feeDetail `json:"fee_details"`
	Net               int64       `json:"net"`
	ReportingCategory string      `json:"reporting_category"`
	Source            *string     `json:"source"`
	Status            string      `json:"status"`
	Type              string      `json:"type"`
}

type feeDetail struct {
	Amount      int64  `json:"amount"`
	Application null   `json:"application"`
	Currency    string `json:"currency"`
	Description string `json:"description"`
	Type        string `json:"type"`
}

type payout struct {
	ID                        string   `json:"id"`
	Object                    string   `json:"object"`
	Amount                    int64    `json:"amount"`
	ArrivalDate               int64    `json:"arrival_date"`
	Automatic                 bool     `json:"automatic"`
	BalanceTransaction        *string  `json:"balance_transaction"`
	Created                   int64    `json:"created"`
	Currency                  string   `json:"currency"`
	Description               string   `json:"description"`
	Destination               string   `json:"destination"`
	FailureBalanceTransaction *string  `json:"failure_balance_transaction"`
	FailureCode               *string  `json:"failure_code"`
	FailureMessage            *string  `json:"failure_message"`
	Livemode                  bool     `json:"livemode"`
	Metadata                  metadata `json:"metadata"`
	Method                    string   `json:"method"`
	OriginalPayout            null     `json:"original_payout"`
	ReconciliationStatus      string   `json:"reconciliation_status"`
	ReversedBy                null     `json:"reversed_by"`
	SourceType                string   `json:"source_type"`
	StatementDescriptor       *string  `json:"statement_descriptor"`
	Status                    string   `json:"status"`
	Type                      string   `json:"type"`
}

type dispute struct {
	ID                   string          `json:"id"`
	Object               string          `json:"object"`
	Amount               int64           `json:"amount"`
	BalanceTransactions  []movement      `json:"balance_transactions"`
	Charge               string          `json:"charge"`
	Created              int64           `json:"created"`
	Currency             string          `json:"currency"`
	Evidence             map[string]null `json:"evidence"`
	EvidenceDetails      evidenceDetails `json:"evidence_details"`
	IsChargeRefundable   bool            `json:"is_charge_refundable"`
	Livemode             bool            `json:"livemode"`
	Metadata             metadata        `json:"metadata"`
	PaymentIntent        *string         `json:"payment_intent"`
	PaymentMethodDetails map[string]any  `json:"payment_method_details,omitempty"`
	Reason               string          `json:"reason"`
	Status               string          `json:"status"`
}

type evidenceDetails struct {
	DueBy           *int64 `json:"due_by"`
	HasEvidence     bool   `json:"has_evidence"`
	PastDue         bool   `json:"past_due"`
	SubmissionCount int64  `json:"submission_count"`
}

type event struct {
	ID              string         `json:"id"`
	Object          string         `json:"object"`
	APIVersion      string         `json:"api_version"`
	Created         int64          `json:"created"`
	Data            map[string]any `json:"data"`
	Livemode        bool           `json:"livemode"`
	PendingWebhooks int64          `json:"pending_webhooks"`
	Request         map[string]any `json:"request"`
	Type            string         `json:"type"`
}
